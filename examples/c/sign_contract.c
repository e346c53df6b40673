/*
 * The whole story in plain C: an order goes out, the platform signs, the signed document comes back.
 *
 *     sign_contract client.json contract.pdf signed.pdf 127.0.0.1:9000 [material.png [page last-page]]
 *
 * client.json   what `wosigndoc-server dev` writes; the platform pushes to the address given here
 * material.png  a scan (default: examples/material.png in the folder where this is run)
 * page          the organisation seals here (default: 3) and, as the person does, on last-page (default: 4)
 *
 * In this file's folder, with the C package unpacked in the folder PACKAGE, and PKG_CONFIG_PATH=PACKAGE/lib/pkgconfig:
 *
 *     cc sign_contract.c $(pkg-config --cflags --libs wosigndoc) -Wl,-rpath,PACKAGE/lib -o sign_contract
 *     x86_64-w64-mingw32-gcc -IPACKAGE/include sign_contract.c PACKAGE/bin/wosigndoc.dll -lws2_32 -o sign_contract.exe
 *
 * One push at a time and no TLS on the callback: fine on one machine. In production let your web server take
 * the HTTPS request, and do what receive_push() does. A real program also has a JSON library.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <process.h>
#define close closesocket
#define getpid _getpid
#define poll WSAPoll
#define strncasecmp _strnicmp
#define MSG_NOSIGNAL 0 /* Windows has no SIGPIPE */
#else
#include <netdb.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#endif

#include "wosigndoc.h"

/* One line a step, with the time since the start. */
#define SAY(...) (say_time(), printf(__VA_ARGS__), putchar('\n'), fflush(stdout))

static double seconds_now(void) {
#ifdef _WIN32
    return (double)GetTickCount64() / 1e3;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
#endif
}

static void say_time(void) {
    static double start;
    double seconds = seconds_now();
    if (start <= 0) start = seconds;
    printf("[%7.3f s] ", seconds - start);
}

/* What a call of the library gave: always one JSON document, or nothing. */
struct answer { char *text; size_t len; };

/* True if the call succeeded; else says what the library says about it. */
static int succeeded(const char *what, int32_t status, const struct answer *answer) {
    if (status == WSD_OK) return 1;
    SAY("%s failed (%d): %.*s", what, (int)status, (int)answer->len, answer->text ? answer->text : "");
    return 0;
}

/* Copies the string value of `"name":"…"` out of a JSON document; empty if there is none. */
static void text_of(const struct answer *json, const char *name, char *value, size_t size) {
    char key[64];
    int key_len = snprintf(key, sizeof key, "\"%s\":\"", name);
    size_t used = 0;
    for (size_t at = 0; at + (size_t)key_len < json->len; at++) {
        if (memcmp(json->text + at, key, (size_t)key_len) != 0) continue;
        for (at += (size_t)key_len; at < json->len && json->text[at] != '"' && used + 1 < size; at++)
            value[used++] = json->text[at];
        break;
    }
    value[used] = '\0';
}

/* Appends text to a JSON string being built, escaped. */
static void append(char *json, size_t size, const char *text) {
    size_t used = strlen(json);
    for (; *text && used + 3 < size; json[used++] = *text++)
        if (*text == '"' || *text == '\\') json[used++] = '\\';
    json[used] = '\0';
}

/* ---- Sending ---------------------------------------------------------------------------------- */

static wsd_client *open_client(const char *client_json) {
    char source[4200] = "{\"file\":\"";
    append(source, sizeof source - 3, client_json);
    strcat(source, "\"}");
    struct answer config = {0}, about = {0};
    wsd_client *client = NULL;
    int32_t status = wsd_config_resolve(source, strlen(source), &config.text, &config.len);
    if (succeeded("reading the configuration", status, &config)) {
        status = wsd_client_new(config.text, config.len, &client, &about.text, &about.len);
        if (succeeded("opening the client", status, &about)) {
            char endpoint[256];
            text_of(&about, "endpoint", endpoint, sizeof endpoint);
            SAY("client certificate and trusted roots loaded, endpoint %s", endpoint);
        }
    }
    wsd_free(config.text, config.len);
    wsd_free(about.text, about.len);
    return client;
}

/* An organisation seals twice, then a person once. Positions are fractions of the page, "left,bottom,right,top"
   from its lower left corner. {"path"}: read while sending, never held in memory. */
static int send_order(const wsd_client *client, const char *number, const char *contract,
                      const char *material, const int pages[2]) {
    char pdf[4200] = "", png[4200] = "", order[32768];
    append(pdf, sizeof pdf, contract);
    append(png, sizeof png, material);
    snprintf(order, sizeof order,
             "{\"subject\":\"软件服务合同\",\"orderNumber\":\"%s\","
             "\"filebase\":{\"path\":\"%s\"},\"fileformat\":\"pdf\",\"signerlist\":["
             "{\"signType\":1,\"orgName\":\"云杉软件（示例）有限公司\",\"orgNo\":\"91350100M000100Y43\","
             "\"pic\":{\"path\":\"%s\"},\"otherpic\":{\"path\":\"%s\"},\"signlist\":["
             "{\"pagenumber\":%d,\"position\":\"0.62,0.32,0.82,0.4614\"},"
             "{\"pagenumber\":%d,\"position\":\"0.17,0.60,0.37,0.7414\"}]},"
             "{\"signType\":2,\"userName\":\"李明\",\"userNo\":\"11010519491231002X\","
             "\"pic\":{\"path\":\"%s\"},\"otherpic\":{\"path\":\"%s\"},\"signlist\":["
             "{\"pagenumber\":%d,\"position\":\"0.56,0.62,0.70,0.719\"}]}]}",
             number, pdf, png, png, pages[0], pages[1], png, png, pages[1]);
    struct answer created = {0};
    int32_t status = wsd_order_create(client, order, strlen(order), NULL, NULL, 0, 0, &created.text, &created.len);
    int sent = succeeded("sending the order", status, &created);
    if (sent) {
        char signid[128];
        text_of(&created, "signid", signid, sizeof signid);
        SAY("order %s accepted, signid %s", number, signid);
    }
    wsd_free(created.text, created.len);
    return sent;
}

/* ---- Receiving: an HTTP request, fed to the library as it arrives ------------------------------ */

struct connection {
    int fd;
    size_t at, end, header_bytes;
    char data[65536];
};

static int fill(struct connection *c) {
    long got = (long)recv(c->fd, c->data, sizeof c->data, 0);
    c->at = 0, c->end = got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Reads one line without its end; false at the end of input or above 8 KB a line, 32 KB in all. */
static int read_line(struct connection *c, char *line, size_t size) {
    size_t used = 0;
    for (;;) {
        if (c->at == c->end && !fill(c)) return 0;
        char byte = c->data[c->at++];
        if (byte == '\n') break;
        if (used + 1 >= size || ++c->header_bytes > 32768) return 0;
        line[used++] = byte;
    }
    line[used > 0 && line[used - 1] == '\r' ? used - 1 : used] = '\0';
    return 1;
}

/* Feeds exactly `count` bytes of the body. */
static int feed(struct connection *c, wsd_push *push, unsigned long long count) {
    while (count > 0) {
        if (c->at == c->end && !fill(c)) return 0;
        size_t piece = c->end - c->at;
        if (piece > count) piece = (size_t)count;
        struct answer error = {0};
        int32_t status = wsd_push_feed(push, c->data + c->at, piece, &error.text, &error.len);
        int took = succeeded("the push", status, &error);
        wsd_free(error.text, error.len);
        if (!took) return 0;
        c->at += piece;
        count -= piece;
    }
    return 1;
}

static int feed_chunks(struct connection *c, wsd_push *push) {
    char line[8192];
    for (;;) {
        char *end;
        c->header_bytes = 0;
        if (!read_line(c, line, sizeof line)) return 0;
        unsigned long long count = strtoull(line, &end, 16);
        if (end == line || line[0] == '-' || line[0] == '+') return 0;
        if (count == 0) break;
        if (!feed(c, push, count) || !read_line(c, line, sizeof line) || line[0] != '\0') return 0;
    }
    while (read_line(c, line, sizeof line)) /* trailers, until an empty line */
        if (line[0] == '\0') return 1;
    return 0;
}

/* Reads the request's head, then feeds its body. */
static int feed_request(struct connection *c, wsd_push *push) {
    char line[8192], *end;
    unsigned long long length = 0;
    int chunked = 0;
    if (!read_line(c, line, sizeof line) || strncmp(line, "POST ", 5) != 0) return 0;
    for (;;) {
        if (!read_line(c, line, sizeof line)) return 0;
        if (line[0] == '\0') break;
        if (strncasecmp(line, "Content-Length:", 15) == 0) {
            length = strtoull(line + 15, &end, 10);
            if (end == line + 15 || *end != '\0') return 0;
        } else if (strncasecmp(line, "Transfer-Encoding:", 18) == 0) {
            chunked = strstr(line + 18, "chunked") != NULL;
        } else if (strncasecmp(line, "Expect: 100", 11) == 0) {
            static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
            if (send(c->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL) < 0) return 0;
        }
    }
    return chunked ? feed_chunks(c, push) : feed(c, push, length);
}

/* Receives one push into `target`. True only when the document is whole, its hash holds and it is on disk:
   nothing else may be acknowledged. */
static int receive_push(struct connection *c, const char *number, const char *target, struct answer *result) {
    char options[4400] = "{\"path\":\"";
    append(options, sizeof options - 128, target);
    strcat(options, "\",\"expect\":{\"ordernumber\":\"");
    append(options, sizeof options - 4, number);
    strcat(options, "\"}}");
    wsd_push *push = NULL;
    struct answer document = {0}, error = {0};
    int32_t status = wsd_push_open(options, strlen(options), NULL, 0, &push, &error.text, &error.len);
    int stored = succeeded("opening the receiver", status, &error) && feed_request(c, push);
    wsd_free(error.text, error.len);
    wsd_free(result->text, result->len); /* an earlier push's */
    if (stored) {
        status = wsd_push_finish(push, &document.text, &document.len, &result->text, &result->len);
        stored = succeeded("the push", status, result);
        wsd_free(document.text, document.len); /* nothing here: it went into the file */
    } else *result = (struct answer){0};
    wsd_push_abandon(push); /* always; what was not finished leaves no file behind */
    return stored;
}

static void respond(int fd, int stored) {
    const char *text = stored ? "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n"
                                "Connection: close\r\n\r\n1"
                              : "HTTP/1.1 500 Not stored\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n"
                                "Connection: close\r\n\r\nnot stored\n";
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0) perror("answering the push");
}

static int listen_at(const char *address) {
    char host[256] = "";
    const char *colon = strrchr(address, ':');
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    if (colon != NULL && (size_t)(colon - address) < sizeof host) memcpy(host, address, (size_t)(colon - address));
    int fd = -1, yes = 1;
#ifdef _WIN32
    WSADATA started;
    WSAStartup(MAKEWORD(2, 2), &started);
#endif
    if (colon != NULL && getaddrinfo(host, colon + 1, &hints, &found) == 0)
        fd = (int)socket(found->ai_family, SOCK_STREAM, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (char *)&yes, sizeof yes) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 16) != 0) {
        fprintf(stderr, "cannot listen on %s\n", address);
        exit(1);
    }
    freeaddrinfo(found);
    return fd;
}

/* Takes pushes until one is stored; 0 when none came within two minutes. */
static int wait_for_push(int listener, const char *number, const char *target, struct answer *result) {
    static struct connection c;
    struct pollfd ready = {.fd = listener, .events = POLLIN};
#ifdef _WIN32
    DWORD patience = 60000; /* milliseconds */
#else
    struct timeval patience = {.tv_sec = 60};
#endif
    int stored = 0;
    while (!stored && poll(&ready, 1, 120000) > 0) {
        memset(&c, 0, sizeof c);
        c.fd = (int)accept(listener, NULL, NULL);
        if (c.fd < 0) continue;
        SAY("the platform connects to push");
        setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, (char *)&patience, sizeof patience);
        stored = receive_push(&c, number, target, result);
        respond(c.fd, stored);
        close(c.fd);
    }
    return stored;
}

int main(int count, char **values) {
    if (count < 5 || wsd_abi_version() != WSD_ABI_VERSION) {
        fprintf(stderr, count < 5 ? "usage: sign_contract client.json contract.pdf signed.pdf host:port\n"
                                  : "the libwosigndoc that was loaded is of another ABI\n");
        return 2;
    }
    char number[64];
    snprintf(number, sizeof number, "C-%ld-%ld", (long)time(NULL), (long)getpid());
    int listener = listen_at(values[4]); /* before the order: the push may come at once */
    SAY("listening for the push on %s", values[4]);
    wsd_client *client = open_client(values[1]);
    const int pages[2] = {count > 6 ? atoi(values[6]) : 3, count > 7 ? atoi(values[7]) : 4};
    struct answer result = {0};
    int done = client != NULL &&
               send_order(client, number, values[2], count > 5 ? values[5] : "examples/material.png", pages) &&
               wait_for_push(listener, number, values[3], &result);
    char sha256[80];
    text_of(&result, "sha256", sha256, sizeof sha256); /* none: the platform reports that the order failed */
    if (done && sha256[0] != '\0')
        SAY("signed document stored as %s and acknowledged, SHA-256 %s", values[3], sha256);
    else
        SAY("no signed document %.*s", (int)result.len, result.text ? result.text : "");
    wsd_free(result.text, result.len);
    wsd_client_free(client);
    return done && sha256[0] != '\0' ? 0 : 1;
}
