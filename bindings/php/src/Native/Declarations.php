<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

/**
 * The declarations of include/wosigndoc.h without its comments, where opcache keeps them: reading the header would
 * cost every request of a web server more than the call itself. Made by make-declarations.
 *
 * @internal
 */
final class Declarations
{
    public const C = <<<'C'
        typedef struct wsd_client wsd_client;
        typedef struct wsd_order wsd_order;
        typedef struct wsd_push wsd_push;
        uint32_t wsd_abi_version(void);
        void wsd_free(char *buffer, size_t len);
        int32_t wsd_version(char **out, size_t *out_len);
        int32_t wsd_catalogue(char **out, size_t *out_len);
        int32_t wsd_answer_read(uint32_t http_status, const char *body, size_t body_len, char **out, size_t *out_len);
        int32_t wsd_config_resolve(const char *source, size_t source_len, char **out, size_t *out_len);
        int32_t wsd_client_new(const char *config, size_t config_len, wsd_client **client, char **out, size_t *out_len);
        int32_t wsd_client_shared(const char *config, size_t config_len, wsd_client **client, char **out, size_t *out_len);
        void wsd_client_free(wsd_client *client);
        int32_t wsd_preflight(const char *config, size_t config_len, uint32_t timeout_ms, char **out, size_t *out_len);
        int32_t wsd_preflight_with(const char *config, size_t config_len, const char *options, size_t options_len, uint32_t timeout_ms, char **out, size_t *out_len);
        int32_t wsd_order_create(const wsd_client *client, const char *order, size_t order_len, const char *const *attachments, const size_t *attachment_lens, size_t attachment_count, uint32_t timeout_ms, char **out, size_t *out_len);
        int32_t wsd_order_validate(const char *settings, size_t settings_len, const char *order, size_t order_len, const char *const *attachments, const size_t *attachment_lens, size_t attachment_count, char **out, size_t *out_len);
        int32_t wsd_order_wire(const char *settings, size_t settings_len, const char *order, size_t order_len, const char *const *attachments, const size_t *attachment_lens, size_t attachment_count, char **body, size_t *body_len, char **out, size_t *out_len);
        int32_t wsd_config_hosted(const char *settings, size_t settings_len, char **out, size_t *out_len);
        int32_t wsd_preflight_hosted(const char *settings, size_t settings_len, const char *told, size_t told_len, uint32_t timeout_ms, char **out, size_t *out_len);
        int32_t wsd_order_open(const char *settings, size_t settings_len, const char *order, size_t order_len, const char *const *attachments, const size_t *attachment_lens, size_t attachment_count, uint32_t timeout_ms, wsd_order **opened, char **out, size_t *out_len);
        int32_t wsd_order_read(wsd_order *order, char *buffer, size_t buffer_len, size_t *read, char **out, size_t *out_len);
        int32_t wsd_order_rewind(wsd_order *order, char **out, size_t *out_len);
        int32_t wsd_order_answered(wsd_order *order, uint32_t http_status, const char *body, size_t body_len, char **out, size_t *out_len);
        int32_t wsd_order_failed(wsd_order *order, const char *failure, size_t failure_len, char **out, size_t *out_len);
        void wsd_order_close(wsd_order *order);
        int32_t wsd_push_receive(const char *body, size_t body_len, const char *options, size_t options_len, char *buffer, size_t buffer_len, char **document, size_t *document_len, char **out, size_t *out_len);
        int32_t wsd_push_open(const char *options, size_t options_len, char *buffer, size_t buffer_len, wsd_push **push, char **out, size_t *out_len);
        int32_t wsd_push_feed(wsd_push *push, const char *piece, size_t piece_len, char **out, size_t *out_len);
        int32_t wsd_push_finish(wsd_push *push, char **document, size_t *document_len, char **out, size_t *out_len);
        void wsd_push_abandon(wsd_push *push);
        int32_t wsd_document_write(const char *document, size_t document_len, const char *path, size_t path_len, char **out, size_t *out_len);
        int32_t wsd_document_move(const char *from, size_t from_len, const char *path, size_t path_len, char **out, size_t *out_len);
        int32_t wsd_verify(const char *document, size_t document_len, const char *sent, size_t sent_len, const char *options, size_t options_len, char **out, size_t *out_len);
        int32_t wsd_trust_of(const char *document, size_t document_len, const char *options, size_t options_len, char **out, size_t *out_len);
        int32_t wsd_delivery_claim(const char *delivery, size_t delivery_len, char **out, size_t *out_len);
        int32_t wsd_delivery_complete(const char *delivery, size_t delivery_len, char **out, size_t *out_len);
        int32_t wsd_delivery_release(const char *delivery, size_t delivery_len, char **out, size_t *out_len);
        int32_t wsd_delivery_renew(const char *delivery, size_t delivery_len, char **out, size_t *out_len);
        C;
}
