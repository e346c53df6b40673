/*
 * Is a signed contract what it claims to be? Prints the report, a JSON document.
 *
 *     verify_contract signed.pdf [roots.pem]
 *
 * Exit status: 0 valid, 1 invalid, 2 indeterminate, 3 nothing could be verified. Nobody is trusted by itself: without
 * roots no document is valid. In the sandbox the root is ca.pem in the platform's data folder.
 *
 *     cc -std=c99 -Iinclude examples/c/verify_contract.c -lwosigndoc
 */
#include <stdio.h>
#include <string.h>

#include "wosigndoc.h"

/* A path as a JSON string; a real program has a JSON library. */
static int quoted(char *to, size_t room, const char *path) {
    size_t used = 0;
    to[used++] = '"';
    for (; *path != '\0'; path++) {
        if (used + 8 > room) return 0;
        if ((unsigned char)*path < ' ') {
            used += (size_t)snprintf(to + used, room - used, "\\u%04x", *path);
            continue;
        }
        if (*path == '"' || *path == '\\') to[used++] = '\\';
        to[used++] = *path;
    }
    to[used++] = '"';
    to[used] = '\0';
    return 1;
}

static int has(const char *report, size_t len, const char *words) {
    size_t n = strlen(words);
    for (size_t at = 0; at + n <= len; at++)
        if (memcmp(report + at, words, n) == 0) return 1;
    return 0;
}

int main(int argc, char **argv) {
    static char file[4200], roots[4200], options[9000];
    if (argc < 2 || argc > 3) return fprintf(stderr, "usage: verify_contract signed.pdf [roots.pem]\n"), 3;
    if (!quoted(file, sizeof file, argv[1]) || (argc == 3 && !quoted(roots, sizeof roots, argv[2])))
        return fprintf(stderr, "a path is too long\n"), 3;
    if (argc == 3)
        snprintf(options, sizeof options, "{\"path\": %s, \"roots\": {\"ca_file\": %s}}", file, roots);
    else
        snprintf(options, sizeof options, "{\"path\": %s}", file);

    char *out;
    size_t len;
    int32_t status = wsd_verify(NULL, 0, NULL, 0, options, strlen(options), &out, &len);
    fwrite(out, 1, len, status == WSD_OK ? stdout : stderr);
    int code = 3;
    /* A text inside the report has its quotes escaped, so only the member itself looks so. */
    if (status == WSD_OK)
        code = has(out, len, "\"verdict\":\"valid\"") ? 0 : has(out, len, "\"verdict\":\"invalid\"") ? 1 : 2;
    wsd_free(out, len);
    return code;
}
