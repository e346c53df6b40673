/*
 * Calls every function of the library again and again, well and badly, frees everything, and lets the
 * sanitizers or valgrind that watch it find what was not.
 *
 *     exercise client-config.json push-body order folder rounds
 *
 * The configuration's endpoint answers nobody: sending must fail with a clear error, also in a fork's child.
 */
#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wosigndoc.h"

#define REQUIRE(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

struct bytes {
    char *data;
    size_t len;
};

static void release(struct bytes *bytes) {
    wsd_free(bytes->data, bytes->len);
    bytes->data = NULL;
    bytes->len = 0;
}

/* Checks a call's status, and that its document is one (or none), then frees it. */
static void expect(int line, int32_t wanted, int32_t status, struct bytes *out) {
    if (status != wanted) {
        fprintf(stderr, "line %d: %d instead of %d: %.*s\n", line, (int)status, (int)wanted, (int)out->len,
                out->data ? out->data : "");
        abort();
    }
    REQUIRE((out->data == NULL) == (out->len == 0));
    REQUIRE(out->len == 0 || (out->data[0] == '{' && out->data[out->len - 1] == '}'));
    REQUIRE(status == WSD_OK || out->len > 0);
    release(out);
}
#define EXPECT(wanted, call) expect(__LINE__, wanted, call, &out)
#define OUT &out.data, &out.len

static struct bytes read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct bytes bytes;
    REQUIRE(file != NULL);
    REQUIRE(fseek(file, 0, SEEK_END) == 0);
    bytes.len = (size_t)ftell(file);
    rewind(file);
    bytes.data = malloc(bytes.len);
    REQUIRE(bytes.data != NULL && fread(bytes.data, 1, bytes.len, file) == bytes.len);
    REQUIRE(fclose(file) == 0);
    return bytes;
}

static void facts(void) {
    struct bytes out = {0};
    static const char accepted[] = "{\"status\":1,\"errorcode\":0,\"signid\":\"s\"}";
    static const char refused[] = "{\"status\":0,\"errorcode\":-68}";
    REQUIRE(wsd_abi_version() == WSD_ABI_VERSION);
    EXPECT(WSD_OK, wsd_version(OUT));
    EXPECT(WSD_OK, wsd_catalogue(OUT));
    EXPECT(WSD_OK, wsd_answer_read(200, accepted, sizeof accepted - 1, OUT));
    EXPECT(WSD_PLATFORM, wsd_answer_read(200, refused, sizeof refused - 1, OUT));
    EXPECT(WSD_PROTOCOL, wsd_answer_read(502, "gateway", 7, OUT));
    EXPECT(WSD_ARGUMENT, wsd_answer_read(200, NULL, 7, OUT));
    REQUIRE(wsd_version(NULL, &out.len) == WSD_ARGUMENT && wsd_version(&out.data, NULL) == WSD_ARGUMENT);
    wsd_free(NULL, 0);
}

static void orders(const struct bytes *config, const struct bytes *order) {
    struct bytes out = {0}, body = {0};
    const char *const attachments[] = {"%PDF-1.7", NULL};
    const size_t lens[] = {8, 0};
    static const char attached[] = "{\"orderNumber\":\"A-1\",\"filebase\":{\"attachment\":0},\"fileformat\":\"pdf\","
                                   "\"tempid\":\"t\",\"signerlist\":[{\"signType\":2,\"userName\":\"n\","
                                   "\"userNo\":\"1\",\"pic\":{\"attachment\":0},\"otherpic\":\"QQ==\"}]}";
    EXPECT(WSD_OK, wsd_order_validate(config->data, config->len, order->data, order->len, NULL, NULL, 0, OUT));
    EXPECT(WSD_INVALID_ORDER, wsd_order_validate(NULL, 0, "{}", 2, NULL, NULL, 0, OUT));
    EXPECT(WSD_ARGUMENT, wsd_order_validate(NULL, 0, "{", 1, NULL, NULL, 0, OUT));
    EXPECT(WSD_ARGUMENT, wsd_order_validate(NULL, 0, "\xff", 1, NULL, NULL, 0, OUT));
    EXPECT(WSD_OK, wsd_order_wire(config->data, config->len, attached, sizeof attached - 1, attachments, lens, 2,
                                  &body.data, &body.len, OUT));
    REQUIRE(body.len > 0 && body.data[0] == '{');
    release(&body);
    EXPECT(WSD_INVALID_ORDER, wsd_order_wire(NULL, 0, "{}", 2, NULL, NULL, 0, &body.data, &body.len, OUT));
    EXPECT(WSD_ARGUMENT, wsd_order_wire(NULL, 0, attached, sizeof attached - 1, NULL, NULL, 0, &body.data,
                                        &body.len, OUT));
    REQUIRE(body.data == NULL && body.len == 0);
}

static void clients(const char *path, const struct bytes *config, const struct bytes *order) {
    struct bytes out = {0}, resolved = {0};
    char source[4096];
    wsd_client *client = NULL;
    snprintf(source, sizeof source, "{\"file\":\"%s\"}", path);
    REQUIRE(wsd_config_resolve(source, strlen(source), &resolved.data, &resolved.len) == WSD_OK);
    EXPECT(WSD_OK, wsd_client_new(resolved.data, resolved.len, &client, OUT));
    EXPECT(WSD_TRANSPORT, wsd_order_create(client, order->data, order->len, NULL, NULL, 0, 5000, OUT));
    EXPECT(WSD_INVALID_ORDER, wsd_order_create(client, "{}", 2, NULL, NULL, 0, 0, OUT));
    wsd_client_free(client);
    EXPECT(WSD_OK, wsd_preflight(config->data, config->len, 2000, OUT));
    EXPECT(WSD_OK, wsd_preflight_with(config->data, config->len, NULL, 0, 2000, OUT));
    EXPECT(WSD_ARGUMENT, wsd_preflight_with(config->data, config->len, "{\"alive\":true}", 14, 2000, OUT));
    EXPECT(WSD_ARGUMENT, wsd_client_new("{}", 2, &client, OUT));
    REQUIRE(client == NULL);
    EXPECT(WSD_ARGUMENT, wsd_order_create(NULL, "{}", 2, NULL, NULL, 0, 0, OUT));
    wsd_client_free(NULL);
    release(&resolved);
}

/* Moves what was received away, and writes it back by that name. */
static void documents(const char *document, size_t len, const char *folder) {
    struct bytes out = {0};
    char received[4096], moved[4096];
    snprintf(received, sizeof received, "%s/signed.pdf", folder);
    snprintf(moved, sizeof moved, "%s/moved.pdf", folder);
    EXPECT(WSD_OK, wsd_document_move(received, strlen(received), moved, strlen(moved), OUT));
    EXPECT(WSD_IO, wsd_document_move(received, strlen(received), moved, strlen(moved), OUT));
    EXPECT(WSD_OK, wsd_document_write(document, len, received, strlen(received), OUT));
    EXPECT(WSD_ARGUMENT, wsd_document_write(document, len, NULL, 0, OUT));
    REQUIRE(remove(moved) == 0);
}

static void pushes(const struct bytes *body, const char *folder) {
    struct bytes out = {0}, document = {0};
    char options[4096], *buffer = malloc(body->len);
    wsd_push *push = NULL;
    REQUIRE(buffer != NULL);
    EXPECT(WSD_OK, wsd_push_receive(body->data, body->len, NULL, 0, NULL, 0, &document.data, &document.len, OUT));
    REQUIRE(document.len > 0);
    size_t len = document.len;
    release(&document);
    EXPECT(WSD_OK, wsd_push_receive(body->data, body->len, NULL, 0, buffer, body->len, &document.data,
                                    &document.len, OUT));
    REQUIRE(document.data == NULL); /* it went into the buffer */
    EXPECT(WSD_ARGUMENT, wsd_push_receive(body->data, body->len, NULL, 0, buffer, len - 1, &document.data,
                                          &document.len, OUT));
    EXPECT(WSD_PROTOCOL, wsd_push_receive("[]", 2, NULL, 0, NULL, 0, &document.data, &document.len, OUT));
    snprintf(options, sizeof options, "{\"path\":\"%s/signed.pdf\"}", folder);
    EXPECT(WSD_OK, wsd_push_receive(body->data, body->len, options, strlen(options), NULL, 0, &document.data,
                                    &document.len, OUT));
    documents(buffer, len, folder);
    for (int how = 0; how < 3; how++) {
        /* how 0: owned; 1: the caller's buffer; 2: a file. */
        EXPECT(WSD_OK, wsd_push_open(how == 2 ? options : NULL, how == 2 ? strlen(options) : 0,
                                     how == 1 ? buffer : NULL, how == 1 ? body->len : 0, &push, OUT));
        for (size_t at = 0; at < body->len; at += 1000) {
            size_t piece = body->len - at < 1000 ? body->len - at : 1000;
            EXPECT(WSD_OK, wsd_push_feed(push, body->data + at, piece, OUT));
        }
        EXPECT(WSD_OK, wsd_push_finish(push, &document.data, &document.len, OUT));
        REQUIRE((document.data != NULL) == (how == 0));
        release(&document);
        EXPECT(WSD_ARGUMENT, wsd_push_finish(push, &document.data, &document.len, OUT));
        wsd_push_abandon(push);
        /* Abandoned half way, and after a failure. */
        EXPECT(WSD_OK, wsd_push_open(how == 2 ? options : NULL, how == 2 ? strlen(options) : 0,
                                     how == 1 ? buffer : NULL, how == 1 ? body->len : 0, &push, OUT));
        EXPECT(WSD_OK, wsd_push_feed(push, body->data, body->len / 2, OUT));
        if (how == 0) EXPECT(WSD_PROTOCOL, wsd_push_feed(push, "\x01\x02\x03", 3, OUT));
        wsd_push_abandon(push);
    }
    EXPECT(WSD_ARGUMENT, wsd_push_open("{\"pth\":1}", 9, NULL, 0, &push, OUT));
    REQUIRE(push == NULL);
    wsd_push_abandon(NULL);
    free(buffer);
}

/* Many threads send by one client. */
struct shared {
    const wsd_client *client;
    const struct bytes *order;
};

static void *send_some(void *given) {
    const struct shared *shared = given;
    for (int round = 0; round < 5; round++) {
        struct bytes out = {0};
        EXPECT(WSD_TRANSPORT, wsd_order_create(shared->client, shared->order->data, shared->order->len, NULL, NULL, 0,
                                               5000, OUT));
    }
    return NULL;
}

static void threads_and_forks(const struct bytes *config, const struct bytes *order) {
    struct bytes out = {0};
    wsd_client *client = NULL;
    pthread_t threads[8];
    int child_status = -1;
    EXPECT(WSD_OK, wsd_client_new(config->data, config->len, &client, OUT));
    struct shared shared = {client, order};
    for (int at = 0; at < 8; at++) REQUIRE(pthread_create(&threads[at], NULL, send_some, &shared) == 0);
    for (int at = 0; at < 8; at++) REQUIRE(pthread_join(threads[at], NULL) == 0);
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        send_some(&shared);
        wsd_client_free(client);
        /* The parent's connections are left alone, which a leak check here would take for leaks. */
        execlp("true", "true", (char *)NULL);
        _exit(1);
    }
    REQUIRE(waitpid(child, &child_status, 0) == child && WIFEXITED(child_status) && WEXITSTATUS(child_status) == 0);
    send_some(&shared);
    wsd_client_free(client);
}

/* What a host would notice: threads left behind, signal handlers, the locale. */
struct process {
    int threads;
    struct sigaction actions[32];
    char locale[256];
};

static void look(struct process *process) {
    DIR *tasks = opendir("/proc/self/task");
    REQUIRE(tasks != NULL);
    memset(process, 0, sizeof *process);
    while (readdir(tasks) != NULL) process->threads++;
    closedir(tasks);
    for (int number = 1; number < 32; number++) REQUIRE(sigaction(number, NULL, &process->actions[number]) == 0);
    snprintf(process->locale, sizeof process->locale, "%s", setlocale(LC_ALL, NULL));
}

static void compare(const struct process *before, const struct process *after) {
    REQUIRE(before->threads == after->threads);
    for (int number = 1; number < 32; number++)
        REQUIRE(before->actions[number].sa_handler == after->actions[number].sa_handler);
    REQUIRE(strcmp(before->locale, after->locale) == 0);
}

int main(int count, char **values) {
    struct process before, after;
    REQUIRE(count == 6);
    look(&before);
    struct bytes config = read_file(values[1]), body = read_file(values[2]), order = read_file(values[3]);
    for (int round = atoi(values[5]); round > 0; round--) {
        facts();
        orders(&config, &order);
        clients(values[1], &config, &order);
        pushes(&body, values[4]);
    }
    look(&after);
    compare(&before, &after);
    threads_and_forks(&config, &order);
    free(config.data);
    free(body.data);
    free(order.data);
    puts("every function called, everything freed");
    return 0;
}
