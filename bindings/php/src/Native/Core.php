<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use FFI;
use FFI\CData;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\RawOrder;

/**
 * Calls of the C ABI, and the only place that makes them. Texts and bytes go in where they lie; every
 * buffer that comes back is read and freed here.
 *
 * @internal
 */
final class Core
{
    /** For a failure that brings no document. */
    private const SILENT = '{"kind":"internal","reason":"defect","message":"a defect in this library",'
        . '"message_zh":"本库的缺陷","advice":"report it with what was called","advice_zh":"请反馈并说明调用方式","retry":false}';

    private static ?FFI $libc = null;

    public static function version(): string
    {
        return self::call('wsd_version')['version'];
    }

    /** @return array<mixed> */
    public static function catalogue(): array
    {
        return self::call('wsd_catalogue');
    }

    /**
     * The configuration JSON from a file or from the environment.
     *
     * @param array<mixed> $source
     */
    public static function resolve(array $source): string
    {
        $json = Json::encode($source);
        return self::text('wsd_config_resolve', $json, strlen($json));
    }

    /** @return array{CData, array<mixed>} the handle and what it is */
    public static function clientShared(string $configuration): array
    {
        $client = Library::get()->ffi->new('wsd_client *');
        $about = self::call('wsd_client_shared', $configuration, strlen($configuration), FFI::addr($client));
        return [$client, $about];
    }

    public static function clientFree(CData $client): void
    {
        Library::get()->ffi->wsd_client_free($client);
    }

    /** @return array<mixed> */
    public static function preflight(string $configuration, int $timeoutMs): array
    {
        return self::call('wsd_preflight', $configuration, strlen($configuration), $timeoutMs);
    }

    /** @return array<mixed> */
    public static function orderCreate(CData $client, RawOrder $order, int $timeoutMs): array
    {
        return self::call('wsd_order_create', $client, ...[...self::order($order), $timeoutMs]);
    }

    /** @return array<mixed> */
    public static function orderValidate(string $settings, RawOrder $order): array
    {
        return self::call('wsd_order_validate', $settings, strlen($settings), ...self::order($order));
    }

    public static function orderWire(string $settings, RawOrder $order): string
    {
        return (string) self::bulk('wsd_order_wire', $settings, strlen($settings), ...self::order($order))[1];
    }

    /** @return array<mixed> */
    public static function answerRead(int $httpStatus, string $body): array
    {
        return self::call('wsd_answer_read', $httpStatus, $body, strlen($body));
    }

    /** @return array{array<mixed>, ?string} the push, and its document unless a file got it */
    public static function pushReceive(string $body, string $options): array
    {
        return self::bulk('wsd_push_receive', $body, strlen($body), $options, strlen($options), null, 0);
    }

    public static function pushOpen(string $options): CData
    {
        $push = Library::get()->ffi->new('wsd_push *');
        self::text('wsd_push_open', $options, strlen($options), null, 0, FFI::addr($push));
        return $push;
    }

    public static function pushFeed(CData $push, string $piece): void
    {
        self::text('wsd_push_feed', $push, $piece, strlen($piece));
    }

    /** @return array{array<mixed>, ?string} the push, and its document unless a file got it */
    public static function pushFinish(CData $push): array
    {
        return self::bulk('wsd_push_finish', $push);
    }

    public static function pushAbandon(CData $push): void
    {
        Library::get()->ffi->wsd_push_abandon($push);
    }

    /**
     * Calls a function whose last two parameters are the outgoing document.
     *
     * @return array<mixed> the document
     *
     * @throws WoSignDocException of the kind that the function reports
     */
    private static function call(string $function, mixed ...$arguments): array
    {
        return Json::decode(self::text($function, ...$arguments));
    }

    /** The same, with the document as JSON text; empty when there is none. */
    private static function text(string $function, mixed ...$arguments): string
    {
        $ffi = Library::get()->ffi;
        $out = $ffi->new('char *');
        $length = $ffi->new('size_t');
        $arguments[] = FFI::addr($out);
        $arguments[] = FFI::addr($length);
        try {
            $status = $ffi->$function(...$arguments);
            $text = FFI::isNull($out) ? '' : FFI::string($out, $length->cdata);
        } finally {
            $ffi->wsd_free($out, $length->cdata);
        }
        if ($status !== 0) {
            throw WoSignDocException::from(Json::decode($text !== '' ? $text : self::SILENT));
        }
        return $text;
    }

    /**
     * Calls a function that hands out bulk bytes before its document.
     *
     * @return array{array<mixed>, ?string} the document and the bytes; null: there were none
     */
    private static function bulk(string $function, mixed ...$arguments): array
    {
        $ffi = Library::get()->ffi;
        $bytes = $ffi->new('char *');
        $length = $ffi->new('size_t');
        $arguments[] = FFI::addr($bytes);
        $arguments[] = FFI::addr($length);
        try {
            $document = self::call($function, ...$arguments);
            return [$document, FFI::isNull($bytes) ? null : FFI::string($bytes, $length->cdata)];
        } finally {
            $ffi->wsd_free($bytes, $length->cdata);
        }
    }

    /**
     * An order as the core takes it.
     *
     * @return array{string, int, ?CData, ?CData, int}
     */
    private static function order(RawOrder $order): array
    {
        return [$order->json, strlen($order->json), ...self::attachments($order->attachments)];
    }

    /**
     * Attachments as the three parameters that the core takes. The strings are pointed at, not copied: the
     * caller keeps them until the call is over.
     *
     * @param list<string> $attachments
     *
     * @return array{?CData, ?CData, int}
     */
    private static function attachments(array $attachments): array
    {
        $count = count($attachments);
        if ($count === 0) {
            return [null, null, 0];
        }
        $ffi = Library::get()->ffi;
        $pointers = $ffi->new("const char *[$count]");
        $lengths = $ffi->new("size_t[$count]");
        foreach (array_values($attachments) as $at => $bytes) {
            $pointers[$at] = $ffi->cast('char *', self::pointer($bytes));
            $lengths[$at] = strlen($bytes);
        }
        return [$pointers, $lengths, $count];
    }

    /**
     * The address of a string's bytes. PHP hands it only to parameters of a call, so a C function that
     * returns its parameter (here: moving no bytes) brings it back.
     */
    private static function pointer(string $bytes): CData
    {
        self::$libc ??= FFI::cdef('void *memmove(const char *to, const char *from, size_t length);');
        return self::$libc->memmove($bytes, $bytes, 0);
    }
}
