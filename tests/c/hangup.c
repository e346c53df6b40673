/* An order to a platform that hangs up in the middle: the call says so, and the process lives, although SIGPIPE
 * would end it. Usage: hangup CONFIGURATION-FILE */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wosigndoc.h>

enum { DOCUMENT = 30 * 1000 * 1000 };

static const char ORDER[] =
    "{\"orderNumber\":\"A-1\",\"filebase\":{\"attachment\":0},\"fileformat\":\"pdf\",\"signerlist\":[{\"signType\":2,"
    "\"userName\":\"a\",\"userNo\":\"b\",\"pic\":\"QQ==\",\"otherpic\":\"QQ==\",\"signlist\":[{\"pagenumber\":1,"
    "\"position\":\"0.1,0.1,0.2,0.2\"}]}]}";

/* Whether the signal would still end the process, and waits for nobody. */
static int as_before(void) {
    struct sigaction action;
    sigset_t mask, waiting;
    return sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL &&
           sigprocmask(SIG_SETMASK, NULL, &mask) == 0 && !sigismember(&mask, SIGPIPE) &&
           sigpending(&waiting) == 0 && !sigismember(&waiting, SIGPIPE);
}

int main(int argc, char **argv) {
    char config[4096], *out, *document = calloc(1, DOCUMENT);
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    size_t length = file ? fread(config, 1, sizeof config, file) : 0, out_length;
    const char *const attachments[] = {document};
    const size_t lengths[] = {DOCUMENT};
    wsd_client *client;
    int32_t status;

    if (!file || !document) return 2;
    fclose(file);
    signal(SIGPIPE, SIG_DFL);
    status = wsd_client_new(config, length, &client, &out, &out_length);
    if (status != WSD_OK) fprintf(stderr, "%.*s\n", (int)out_length, out);
    wsd_free(out, out_length);
    if (status != WSD_OK) return 2;
    status = wsd_order_create(client, ORDER, sizeof ORDER - 1, attachments, lengths, 1, 10000, &out, &out_length);
    printf("%d %.*s\n", (int)status, (int)out_length, out);
    wsd_free(out, out_length);
    wsd_client_free(client);
    free(document);
    return status == WSD_TRANSPORT && as_before() ? 0 : 1;
}
