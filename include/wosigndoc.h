/*
 * wosigndoc: sign documents with the WoSignDoc platform.
 *
 * Made by cbindgen from src/ffi; change it there.
 *
 * Every call
 *     returns WSD_OK (0) or a negative number, the kind of failure. Whatever comes back, the answer or the
 *     error, is one UTF-8 JSON document in `out`, without a terminating NUL. An error document is
 *     {"kind", "reason", "message", "message_zh", "advice", "advice_zh", "retry", "may_have_arrived"} and,
 *     where they apply, "code", "field", "violations", "warnings", "http_status", "body_start", "answer_status".
 *     Every document that goes in or comes out is described, with examples, in docs/c-abi.md.
 *     Messages hold no secret, no identity number and no document.
 *
 * Who allocates, who frees
 *     what                              | allocated by     | freed by
 *     ----------------------------------+------------------+------------------------------------------
 *     every input                       | caller           | caller; not used after the call returns,
 *                                       |                  |   but for the buffer of wsd_push_open and the
 *                                       |                  |   attachments of wsd_order_open
 *     *out, *body, *document            | library          | caller: wsd_free(pointer, length)
 *     wsd_client                        | wsd_client_new,  | caller: wsd_client_free
 *                                       | wsd_client_shared|
 *     wsd_push                          | wsd_push_open    | caller: wsd_push_abandon, finished or not
 *     buffer of wsd_push_open           | caller           | caller, after wsd_push_abandon
 *     wsd_order                         | wsd_order_open   | caller: wsd_order_close
 *     attachments of wsd_order_open     | caller           | caller, after wsd_order_close
 *     Outputs are written on success and on failure alike, NULL and 0 when there is nothing: free them
 *     whatever the call returned. Never give them to free(). Each free takes NULL, and does nothing then.
 *
 * NULL
 *     An input may be NULL exactly where its length is 0. Places for outputs must not be NULL: without
 *     `out` or `out_len` the call returns WSD_ARGUMENT and does nothing. A handle must not be NULL.
 *     Lengths are in bytes, and never more than the half of the address space.
 *
 * Text
 *     UTF-8 in, UTF-8 out, lengths instead of a NUL at the end. A byte order mark is skipped.
 *
 * Threads
 *     Every function may be called from any thread. A wsd_client may be used by many threads at once. Calls
 *     on one wsd_push, or one wsd_order, wait for each other. A free must be the last use of its handle. The library starts no
 *     thread that outlives a call, keeps no state of the process (no signal handler, no logger, no panic
 *     hook, no locale; but for the clients that wsd_client_shared is asked to keep), and has no "last error".
 *
 * Fork
 *     A wsd_client made before fork() works in parent and child: each process opens connections of its own.
 *     Do not fork while another thread is inside a call on the same handle. A wsd_push or wsd_order belongs to
 *     the process that opened it.
 *
 * Defects
 *     No panic or exception crosses this interface: a defect becomes WSD_INTERNAL with an error document.
 *     (The message that Rust prints about it goes to stderr, unless the host has its own hook.)
 *
 * C++ and FFI
 *     Plain C99: no macros but numbers, no enum, no bool, no struct by value, no callback. From C++:
 *         extern "C" {
 *         #include "wosigndoc.h"
 *         }
 *     PHP's FFI::cdef takes the file as it is.
 *
 * Linking
 *     -lwosigndoc. The shared object's name carries the ABI number (libwosigndoc.so.1); compare
 *     wsd_abi_version() with WSD_ABI_VERSION when you load it by hand.
 */

#ifndef WOSIGNDOC_H
#define WOSIGNDOC_H

#include <stddef.h>
#include <stdint.h>


/* ---- Numbers ----------------------------------------------------------------------------------- */

/**
 * The ABI that this header describes. It grows when a function, a parameter or a meaning changes in a way
 * that an existing caller would notice; compare it with `wsd_abi_version()` when you load the library.
 */
#define WSD_ABI_VERSION 1

/**
 * Success.
 */
#define WSD_OK 0

/**
 * A call was made wrongly, or a configuration does not hold together.
 */
#define WSD_ARGUMENT -1

/**
 * The order breaks rules of the protocol; "violations" lists them all.
 */
#define WSD_INVALID_ORDER -2

/**
 * The platform answered, and said no; "code" is its number.
 */
#define WSD_PLATFORM -3

/**
 * The network failed; "may_have_arrived" says whether the order may have been received.
 */
#define WSD_TRANSPORT -4

/**
 * No trusted TLS connection came about.
 */
#define WSD_TLS -5

/**
 * A time limit ran out.
 */
#define WSD_TIMEOUT -6

/**
 * The other side sent something that is not the protocol.
 */
#define WSD_PROTOCOL -7

/**
 * The document that arrived does not match its hash.
 */
#define WSD_INTEGRITY -8

/**
 * The document or its sender is not who was expected.
 */
#define WSD_UNTRUSTED -9

/**
 * A file could not be read or written, or the system has run out of something.
 */
#define WSD_IO -10

/**
 * A defect in this library.
 */
#define WSD_INTERNAL -11

/**
 * A client: configuration, identity, trusted roots, connections. Many threads may use one at once.
 */
typedef struct wsd_client wsd_client;

/**
 * An order that the host sends. Calls on it wait for each other.
 */
typedef struct wsd_order wsd_order;

/**
 * A push that is being received. Belongs to one request; calls on it wait for each other.
 */
typedef struct wsd_push wsd_push;

/* ---- The library, and answers ------------------------------------------------------------------ */

/**
 * Returns the ABI number of the library that was loaded; compare it with WSD_ABI_VERSION.
 */
uint32_t wsd_abi_version(void);

/**
 * Frees a buffer that a function of this library handed out, with the length that came with it.
 * NULL is a no-op.
 */
void wsd_free(char *buffer, size_t len);

/**
 * Gives {"version": "0.1.0", "abi": 1}.
 */
int32_t wsd_version(char **out, size_t *out_len);

/**
 * Gives every kind with its status, every code of the protocol and every reason, with texts in English
 * and Chinese: {"kinds", "codes", "reasons"}.
 */
int32_t wsd_catalogue(char **out,
                      size_t *out_len);

/**
 * Reads the platform's answer to an order, for hosts that send by their own HTTP client. Gives
 * {"signid", "orderNumber"}, either of them null when the answer lacks it; a refusal is WSD_PLATFORM with
 * its code; what is not the protocol is WSD_PROTOCOL with "http_status" and "body_start".
 */
int32_t wsd_answer_read(uint32_t http_status,
                        const char *body,
                        size_t body_len,
                        char **out,
                        size_t *out_len);

/* ---- Clients ----------------------------------------------------------------------------------- */

/**
 * Makes a configuration from where it is kept: {"file": "client.json"} (paths in the file are then
 * relative to it) or {"environment": {"WOSIGNDOC_ENDPOINT": "…", …}}. Gives the configuration. Whatever takes
 * a configuration takes such a place of one too. The library never reads these variables itself.
 */
int32_t wsd_config_resolve(const char *source,
                           size_t source_len,
                           char **out,
                           size_t *out_len);

/**
 * Makes a client from a configuration: {"endpoint", "tokenid", "identity", …}, as docs/configuration.md has
 * it. Reads the identity and the roots and checks all that needs no network. Gives {"endpoint",
 * "certificate", "warnings"}, and the handle in `client` (NULL when it failed).
 */
int32_t wsd_client_new(const char *config,
                       size_t config_len,
                       wsd_client **client,
                       char **out,
                       size_t *out_len);

/**
 * Does the same for a host whose objects end with each request, such as PHP's: the client stays when its
 * handle is freed, and the next handle made here with an equal configuration, in the same process, gets it and its
 * open connection. A changed file makes a new one, and so do ten minutes; eight are kept at most. Nothing
 * else in the library keeps state of the process; a program that keeps its handle wants wsd_client_new.
 */
int32_t wsd_client_shared(const char *config,
                          size_t config_len,
                          wsd_client **client,
                          char **out,
                          size_t *out_len);

/**
 * Frees a client, when no thread uses it any more. NULL is a no-op.
 */
void wsd_client_free(wsd_client *client);

/**
 * Checks a configuration and the way to the platform without sending an order. Gives {"ok", "checks", "text",
 * "text_zh"}; docs/c-abi.md has the word of each check. What is wrong is in the report, and the call succeeds.
 * timeout_ms bounds the whole call; 0: as configured.
 */
int32_t wsd_preflight(const char *config,
                      size_t config_len,
                      uint32_t timeout_ms,
                      char **out,
                      size_t *out_len);

/**
 * Does the same, and what `options` say: {"live": true} sends up to three orders that must be refused, each once, since only
 * an order shows whether the platform knows the tokenid, and whether the certificate belongs to it. They hold no document
 * of the caller's, and nothing can come of them; the report says what was sent and what was answered. Without options, or
 * NULL, it is wsd_preflight.
 */
int32_t wsd_preflight_with(const char *config,
                           size_t config_len,
                           const char *options,
                           size_t options_len,
                           uint32_t timeout_ms,
                           char **out,
                           size_t *out_len);

/* ---- Orders ------------------------------------------------------------------------------------ */

/**
 * Sends an order and waits for the platform's answer. The order's field names are the protocol's; where
 * it takes base64, a string is base64, {"path": "…"} is a file, and {"attachment": 0} the first of
 * `attachments`. Gives {"signid", "orderNumber", "accepted_before", "attempts", "warnings"}.
 * timeout_ms bounds the whole call; 0: as configured.
 */
int32_t wsd_order_create(const wsd_client *client,
                         const char *order,
                         size_t order_len,
                         const char *const *attachments,
                         const size_t *attachment_lens,
                         size_t attachment_count,
                         uint32_t timeout_ms,
                         char **out,
                         size_t *out_len);

/**
 * Judges an order without sending it, and without a network. `settings` is the client's configuration or
 * any part of it; only "allow_empty_material" counts here. Gives {"warnings"}; a broken rule is
 * WSD_INVALID_ORDER with all "violations".
 */
int32_t wsd_order_validate(const char *settings,
                           size_t settings_len,
                           const char *order,
                           size_t order_len,
                           const char *const *attachments,
                           const size_t *attachment_lens,
                           size_t attachment_count,
                           char **out,
                           size_t *out_len);

/**
 * Writes an order out without sending it: `body` is what wsd_order_create would send, to the byte. Gives
 * {"content_length", "warnings"}. `settings` is the client's configuration or the part with "tokenid" and
 * "allow_empty_material". For tests, and for hosts that send by their own HTTP client.
 */
int32_t wsd_order_wire(const char *settings,
                       size_t settings_len,
                       const char *order,
                       size_t order_len,
                       const char *const *attachments,
                       const size_t *attachment_lens,
                       size_t attachment_count,
                       char **body,
                       size_t *body_len,
                       char **out,
                       size_t *out_len);

/* ---- Orders by the host's own HTTP client ------------------------------------------------------ */

/**
 * Checks the configuration of a client whose orders the host's own HTTP client sends, without an identity. Gives
 * {"endpoint"}.
 */
int32_t wsd_config_hosted(const char *settings,
                          size_t settings_len,
                          char **out,
                          size_t *out_len);

/**
 * wsd_preflight for hosts that send by their own HTTP client. `told` is {"transport": its name, for people, "certificate":
 * the client certificate that it shows, base64 of the DER, where it can tell}. Gives the report and a "request", {"method",
 * "url", "headers", "connect_timeout_ms", "timeout_ms"}: make it, and call once more with what came of it, "answer":
 * {"http_status", "date": that header, "body": base64} or "failure" as in wsd_order_failed. timeout_ms is the time that the
 * request gets; 0: as configured. With "live": true in `told` the requests are orders that must be refused, as
 * wsd_preflight_with sends them, with their "body" and "content_length": post each once, add what came of it to "orders",
 * a list of {"answer"} or {"failure"}, and call again until "request" is null.
 */
int32_t wsd_preflight_hosted(const char *settings,
                             size_t settings_len,
                             const char *told,
                             size_t told_len,
                             uint32_t timeout_ms,
                             char **out,
                             size_t *out_len);

/**
 * Judges an order and opens it, for hosts that send by their own HTTP client: one whose certificate cannot leave a store
 * or a smart card, or that speaks what this library cannot. `settings` is the client's configuration, without an
 * identity. Gives what the request needs, {"method", "url", "headers", "content_length", "connect_timeout_ms",
 * "timeout_ms", "warnings"}; a broken rule is WSD_INVALID_ORDER with all "violations". `attachments` must live, untouched,
 * until wsd_order_close. timeout_ms bounds the whole call with its repeats; 0: as configured. Then: read the body by
 * wsd_order_read, send it, and tell what came of it by wsd_order_answered or wsd_order_failed.
 */
int32_t wsd_order_open(const char *settings,
                       size_t settings_len,
                       const char *order,
                       size_t order_len,
                       const char *const *attachments,
                       const size_t *attachment_lens,
                       size_t attachment_count,
                       uint32_t timeout_ms,
                       wsd_order **opened,
                       char **out,
                       size_t *out_len);

/**
 * Copies the next bytes of the body into `buffer`, as many as fit or are left, and their number to `read`: 0 after the
 * last. A failure (a file that changed) gives an error document: break the request off then. Gives nothing.
 */
int32_t wsd_order_read(wsd_order *order,
                       char *buffer,
                       size_t buffer_len,
                       size_t *read,
                       char **out,
                       size_t *out_len);

/**
 * Goes back to the first byte of the body, for HTTP clients that send it again by themselves. Once the last byte was read
 * it counts as another try, since the order may have arrived by the one before. Gives nothing.
 */
int32_t wsd_order_rewind(wsd_order *order,
                         char **out,
                         size_t *out_len);

/**
 * Reads the platform's answer to the order, up to 1 MiB of it. Gives what wsd_order_create gives, and fails as that does.
 */
int32_t wsd_order_answered(wsd_order *order,
                           uint32_t http_status,
                           const char *body,
                           size_t body_len,
                           char **out,
                           size_t *out_len);

/**
 * Tells that a try got no answer: `failure` is {"stage", "timeout", "tls", "message"}, where the stage is "connect" as long
 * as no byte of the order was sent (name, connection, proxy, TLS), "answer" once an answer has begun, and "exchange" in
 * between. Gives {"pause_ms", "timeout_ms"}
 * when the order may be sent once more: wait so long, then send the body from its first byte within the time that is
 * left. Otherwise it fails with what the call fails with, which says whether the order may have arrived.
 */
int32_t wsd_order_failed(wsd_order *order,
                         const char *failure,
                         size_t failure_len,
                         char **out,
                         size_t *out_len);

/**
 * Frees an order that wsd_order_open opened, sent or not. NULL is a no-op.
 */
void wsd_order_close(wsd_order *order);

/* ---- Pushes ------------------------------------------------------------------------------------ */

/**
 * Receives a whole push: checks that it is one, that the document arrived whole and that its hash holds.
 * The document goes into `buffer` if that is not NULL (three quarters of body_len always suffice; up to
 * 3,072 bytes after the document may be changed; it must not overlap `body`), else into the file "path" of
 * `options`, else into an owned buffer in `document`. Options: {"path", "overwrite", "expect", "limits"}.
 * Gives {"status", "ordernumber", "sha256", "delivery_key", "acknowledgement", …}. Answer the platform with
 * "acknowledgement" ("1", HTTP 200, text/plain) only when the document is stored safely, with anything else
 * otherwise: it then pushes again. Error documents of pushes have the member "answer_status": the HTTP status to
 * answer. A push with "status" 0 (the order failed) has no document, and needs the
 * same acknowledgement.
 */
int32_t wsd_push_receive(const char *body,
                         size_t body_len,
                         const char *options,
                         size_t options_len,
                         char *buffer,
                         size_t buffer_len,
                         char **document,
                         size_t *document_len,
                         char **out,
                         size_t *out_len);

/**
 * Begins to receive a push piece by piece, in constant memory. Where the document goes is chosen as in
 * wsd_push_receive; `buffer` must live, untouched, until wsd_push_abandon. A file gets its name only in
 * wsd_push_finish, when the hash held and the bytes are on disk. Gives nothing; the handle is in `push`
 * (NULL when it failed).
 */
int32_t wsd_push_open(const char *options,
                      size_t options_len,
                      char *buffer,
                      size_t buffer_len,
                      wsd_push **push,
                      char **out,
                      size_t *out_len);

/**
 * Takes the next piece of the body, of any size. Gives nothing. After a failure the push is spent: do not
 * acknowledge it, and free the handle by wsd_push_abandon.
 */
int32_t wsd_push_feed(wsd_push *push,
                      const char *piece,
                      size_t piece_len,
                      char **out,
                      size_t *out_len);

/**
 * Ends a push after its last piece: checks the hash and stores the document. Gives what wsd_push_receive
 * gives; only after it returned WSD_OK may the push be acknowledged. The handle is spent, and still to be
 * freed by wsd_push_abandon.
 */
int32_t wsd_push_finish(wsd_push *push,
                        char **document,
                        size_t *document_len,
                        char **out,
                        size_t *out_len);

/**
 * Frees a push, finished or not; what was not finished leaves no file behind. NULL is a no-op.
 */
void wsd_push_abandon(wsd_push *push);

/**
 * Writes a document into the file `path`: when the call has succeeded it is whole and on the disk, whatever
 * happens to the machine then; when it has failed, what stood there stands there still. A file that is there
 * already is replaced; so is a symbolic link, which is not followed. Gives nothing.
 */
int32_t wsd_document_write(const char *document,
                           size_t document_len,
                           const char *path,
                           size_t path_len,
                           char **out,
                           size_t *out_len);

/**
 * Moves the file `from`, in which a document was received, to `path`, with the promises of wsd_document_write:
 * by a rename where that can be done, else, as to another disk, by a copy. When it has failed, the file is
 * where it was. Gives nothing.
 */
int32_t wsd_document_move(const char *from,
                          size_t from_len,
                          const char *path,
                          size_t path_len,
                          char **out,
                          size_t *out_len);

/* ---- Verifying signed documents ---------------------------------------------------------------- */

/**
 * Verifies a signed document, which is `document` or the file "path" of `options`: by its own signatures and by
 * the roots that the options trust. `sent`, or the file "sent", is what was sent for signing, to be compared; it may be
 * NULL. Gives the report: {"verdict": "valid" | "indeterminate" | "invalid", "reasons", "state", "document",
 * "signatures", "signers", "sent"}. A document that fails is no failure of the call: read "verdict". Nothing is asked
 * over the network, and nobody is trusted by itself.
 */
int32_t wsd_verify(const char *document,
                   size_t document_len,
                   const char *sent,
                   size_t sent_len,
                   const char *options,
                   size_t options_len,
                   char **out,
                   size_t *out_len);

/**
 * Names the top of each chain of certificates in a signed document, which is `document` or the file "path" of
 * `options`. Gives {"trust": [{"subject", "sha256", "certificate"}], "state", "reasons"}: a person looks at the first
 * contract, and if it is right puts "trust" into the options of wsd_verify. Nothing is trusted by itself.
 */
int32_t wsd_trust_of(const char *document,
                     size_t document_len,
                     const char *options,
                     size_t options_len,
                     char **out,
                     size_t *out_len);

/* ---- Which pushes were processed --------------------------------------------------------------- */

/**
 * Claims a push before the site's function gets it, so that one that is pushed twice reaches the function once.
 * `delivery` is {"folder", "key", "owner", "expire_seconds"}: the store's own folder, shared by all processes of
 * a site on one machine and made (mode 0700) where it is missing; the push's "delivery_key"; a name that no other
 * claim has, such as 32 random hex digits; the time after which the claim may be taken over, at least 1, absent:
 * 900. Gives {"claim": "granted", "taken_over"}: process the push, then wsd_delivery_complete; "busy": another does,
 * answer HTTP 503; "done": it was processed, acknowledge it. "taken_over" is true beside "granted" when another's
 * claim had expired, as after its process died: the function may run a second time. What a call answered is on the
 * disk.
 */
int32_t wsd_delivery_claim(const char *delivery,
                           size_t delivery_len,
                           char **out,
                           size_t *out_len);

/**
 * Marks a claimed push as processed: only then acknowledge it. Gives {"completed": true, "taken_over"}; the latter
 * is true when the claim expired and another owner took it over: the function may have run twice. Fails with the
 * reason "claim_lost" when the store knows of no claim.
 */
int32_t wsd_delivery_complete(const char *delivery,
                              size_t delivery_len,
                              char **out,
                              size_t *out_len);

/**
 * Gives a claim up, so that the next push may try at once. Does nothing when it is no longer this owner's, or the
 * push is done. Gives nothing.
 */
int32_t wsd_delivery_release(const char *delivery,
                             size_t delivery_len,
                             char **out,
                             size_t *out_len);

/**
 * Lets a claim begin now, for a function that takes longer than was thought. Gives {"renewed"}; false: it is no
 * longer this owner's, or the push is done.
 */
int32_t wsd_delivery_renew(const char *delivery,
                           size_t delivery_len,
                           char **out,
                           size_t *out_len);

#endif  /* WOSIGNDOC_H */
