<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use FFI;
use FFI\CData;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\RawOrder;

/**
 * Makes all calls of the C ABI. Texts and bytes go in where they lie; every buffer that comes back is read and
 * freed here.
 *
 * @internal
 */
final class Core
{
    /** The document of a failure that brings none. */
    private const SILENT = '{"kind":"internal","reason":"defect","message":"a defect in this library",'
        . '"message_zh":"本库的缺陷","advice":"report it with what was called","advice_zh":"请反馈并说明调用方式","retry":false}';

    private const MAX_UINT32 = 0xFFFF_FFFF;

    private static ?FFI $libc = null;

    public static function version(): string
    {
        $out = Out::borrow();
        return self::answer($out, self::ffi()->wsd_version($out->startPlace, $out->sizePlace))['version'];
    }

    /** @return array<mixed> */
    public static function catalogue(): array
    {
        $out = Out::borrow();
        return self::answer($out, self::ffi()->wsd_catalogue($out->startPlace, $out->sizePlace));
    }

    /**
     * @param string $configuration a configuration's JSON, or that of where it is kept
     *
     * @return array{CData, string} the handle, and what it is, as JSON
     */
    public static function clientShared(#[\SensitiveParameter] string $configuration): array
    {
        $ffi = self::ffi();
        $out = Out::borrow();
        $client = $ffi->new('wsd_client *');
        $status = $ffi->wsd_client_shared(
            $configuration,
            strlen($configuration),
            FFI::addr($client),
            $out->startPlace,
            $out->sizePlace,
        );
        return [$client, self::text($out, $status)];
    }

    public static function clientFree(CData $client): void
    {
        self::ffi()->wsd_client_free($client);
    }

    /** @return array<mixed> */
    public static function preflight(#[\SensitiveParameter] string $configuration, int $timeoutMs): array
    {
        self::mustBeUnsigned('timeoutMs', $timeoutMs);
        $out = Out::borrow();
        $status = self::ffi()->wsd_preflight(
            $configuration,
            strlen($configuration),
            $timeoutMs,
            $out->startPlace,
            $out->sizePlace,
        );
        return self::answer($out, $status);
    }

    /** @return array<mixed> */
    public static function orderCreate(CData $client, #[\SensitiveParameter] RawOrder $order, int $timeoutMs): array
    {
        self::mustBeUnsigned('timeoutMs', $timeoutMs);
        [$pointers, $lengths, $count] = self::attachments($order->attachments);
        $out = Out::borrow();
        $status = self::ffi()->wsd_order_create(
            $client,
            $order->json,
            strlen($order->json),
            $pointers,
            $lengths,
            $count,
            $timeoutMs,
            $out->startPlace,
            $out->sizePlace,
        );
        return self::answer($out, $status);
    }

    /** @return array<mixed> */
    public static function orderValidate(
        #[\SensitiveParameter] string $settings,
        #[\SensitiveParameter] RawOrder $order,
    ): array {
        [$pointers, $lengths, $count] = self::attachments($order->attachments);
        $out = Out::borrow();
        $status = self::ffi()->wsd_order_validate(
            $settings,
            strlen($settings),
            $order->json,
            strlen($order->json),
            $pointers,
            $lengths,
            $count,
            $out->startPlace,
            $out->sizePlace,
        );
        return self::answer($out, $status);
    }

    public static function orderWire(
        #[\SensitiveParameter] string $settings,
        #[\SensitiveParameter] RawOrder $order,
    ): string {
        [$pointers, $lengths, $count] = self::attachments($order->attachments);
        $body = Out::borrow();
        $out = Out::borrow();
        $status = self::ffi()->wsd_order_wire(
            $settings,
            strlen($settings),
            $order->json,
            strlen($order->json),
            $pointers,
            $lengths,
            $count,
            $body->startPlace,
            $body->sizePlace,
            $out->startPlace,
            $out->sizePlace,
        );
        return (string) self::bulk($body, $out, $status)[1];
    }

    /** @return array<mixed> */
    public static function answerRead(int $httpStatus, string $body): array
    {
        self::mustBeUnsigned('httpStatus', $httpStatus);
        $out = Out::borrow();
        $status = self::ffi()->wsd_answer_read($httpStatus, $body, strlen($body), $out->startPlace, $out->sizePlace);
        return self::answer($out, $status);
    }

    /** @return array{array<mixed>, ?string} the push, and its document unless a file got it */
    public static function pushReceive(#[\SensitiveParameter] string $body, string $options): array
    {
        $document = Out::borrow();
        $out = Out::borrow();
        $status = self::ffi()->wsd_push_receive(
            $body,
            strlen($body),
            $options,
            strlen($options),
            null,
            0,
            $document->startPlace,
            $document->sizePlace,
            $out->startPlace,
            $out->sizePlace,
        );
        return self::bulk($document, $out, $status);
    }

    public static function pushOpen(string $options): CData
    {
        $ffi = self::ffi();
        $out = Out::borrow();
        $push = $ffi->new('wsd_push *');
        $status = $ffi->wsd_push_open(
            $options,
            strlen($options),
            null,
            0,
            FFI::addr($push),
            $out->startPlace,
            $out->sizePlace,
        );
        self::text($out, $status);
        return $push;
    }

    public static function pushFeed(CData $push, #[\SensitiveParameter] string $piece): void
    {
        $out = Out::borrow();
        self::text($out, self::ffi()->wsd_push_feed($push, $piece, strlen($piece), $out->startPlace, $out->sizePlace));
    }

    /** @return array{array<mixed>, ?string} the push, and its document unless a file got it */
    public static function pushFinish(CData $push): array
    {
        $document = Out::borrow();
        $out = Out::borrow();
        $status = self::ffi()->wsd_push_finish(
            $push,
            $document->startPlace,
            $document->sizePlace,
            $out->startPlace,
            $out->sizePlace,
        );
        return self::bulk($document, $out, $status);
    }

    public static function pushAbandon(CData $push): void
    {
        self::ffi()->wsd_push_abandon($push);
    }

    /** Checks a number that goes to 32 bits: PHP's have 64, and FFI would keep the lower half. */
    private static function mustBeUnsigned(string $name, int $value): void
    {
        if ($value < 0 || $value > self::MAX_UINT32) {
            throw InvalidCallException::of(
                'bad_option',
                "$name: $value is not in the range of 0 to " . self::MAX_UINT32,
                "{$name}：$value 不在 0 到 " . self::MAX_UINT32 . ' 的范围内',
                'give a number of that range',
                '请使用该范围内的数值',
            );
        }
    }

    private static function ffi(): FFI
    {
        return Library::get()->ffi;
    }

    /**
     * Returns what a call said.
     *
     * @return array<mixed> the document
     *
     * @throws WoSignDocException of the kind that the function reports
     */
    private static function answer(Out $out, int $status): array
    {
        return Json::decode(self::text($out, $status));
    }

    /** Returns the same as JSON text; an empty one when there is none. */
    private static function text(Out $out, int $status): string
    {
        $text = $out->take() ?? '';
        if ($status !== 0) {
            throw WoSignDocException::from(Json::decode($text !== '' ? $text : self::SILENT));
        }
        return $text;
    }

    /**
     * Returns what a call said, and the bulk bytes that it handed out beside.
     *
     * @return array{array<mixed>, ?string} the document and the bytes; null: there were none
     */
    private static function bulk(Out $bulk, Out $out, int $status): array
    {
        $bytes = $bulk->take();
        return [self::answer($out, $status), $bytes];
    }

    /**
     * Makes attachments the three parameters that the core takes. The strings are pointed at, not copied: the
     * caller keeps them until the call is over.
     *
     * @param list<string> $attachments
     *
     * @return array{?CData, ?CData, int}
     */
    private static function attachments(#[\SensitiveParameter] array $attachments): array
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
     * Returns the address of a string's bytes. PHP hands it only to parameters of a call, so a C function that
     * returns its parameter (here: moving no bytes) brings it back.
     */
    private static function pointer(#[\SensitiveParameter] string $bytes): CData
    {
        self::$libc ??= FFI::cdef('void *memmove(const char *to, const char *from, size_t length);');
        return self::$libc->memmove($bytes, $bytes, 0);
    }
}
