/* Starts a program on Windows in a console of its own, waits until it has printed "listening on", and presses Ctrl-C.
   Ends as the program does: 0 when it heard that and stopped by itself, 0xC000013A when Windows ended it.
   usage: press_ctrl_c PROGRAM WORDS... (scripts/test-windows-server) */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static BOOL WINAPI heard(DWORD event)
{
    (void)event;
    return TRUE;
}

/* Reads until these words have come; false at the end of all output. */
static BOOL await(HANDLE output, const char *words)
{
    static char seen[65536];
    DWORD length = 0, more;
    while (ReadFile(output, seen + length, sizeof seen - 1 - length, &more, NULL) && more) {
        length += more;
        seen[length] = 0;
        if (strstr(seen, words)) return TRUE;
    }
    printf("%s\n", seen);
    return FALSE;
}

int main(int count, char **words)
{
    static char line[32768];
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    STARTUPINFOA start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION program;
    HANDLE output;
    DWORD code = 1;
    for (int i = 1; i < count; i++) {
        int used = (int)strlen(line);
        snprintf(line + used, sizeof line - used, "\"%s\" ", words[i]);
    }
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    FreeConsole();
    if (!AllocConsole() || !CreatePipe(&output, &start.hStdOutput, &inherited, 0)
        || !SetHandleInformation(output, HANDLE_FLAG_INHERIT, 0)
        || !CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &program)) {
        printf("%s did not start: error %lu\n", line, GetLastError());
        return 1;
    }
    CloseHandle(start.hStdOutput);
    if (await(output, "listening on") && SetConsoleCtrlHandler(heard, TRUE) && GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)
        && WaitForSingleObject(program.hProcess, 60000) == WAIT_OBJECT_0) {
        GetExitCodeProcess(program.hProcess, &code);
        printf("ended with 0x%lX\n", code);
    } else {
        printf("it did not end: error %lu\n", GetLastError());
        TerminateProcess(program.hProcess, 1);
    }
    return code ? 1 : 0;
}
