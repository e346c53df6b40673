<?php

declare(strict_types=1);

namespace WoSignDoc\Native;

use FFI;
use FFI\CData;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Exception\WoSignDocException;
use WoSignDoc\OpenBasedir;
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
        return self::call('wsd_version')['version'];
    }

    /** @return array<mixed> */
    public static function catalogue(): array
    {
        return self::call('wsd_catalogue');
    }

    /**
     * @param string $configuration a configuration's JSON, or that of where it is kept
     *
     * @return array{CData, string} the handle, and what it is, as JSON
     */
    public static function clientShared(#[\SensitiveParameter] string $configuration): array
    {
        self::mustAllowConfiguration($configuration);
        $client = self::ffi()->new('wsd_client *');
        return [$client, self::text('wsd_client_shared', [$configuration, FFI::addr($client)])];
    }

    public static function clientFree(CData $client): void
    {
        self::ffi()->wsd_client_free($client);
    }

    /** @return array<mixed> */
    public static function preflight(#[\SensitiveParameter] string $configuration, int $timeoutMs, bool $live): array
    {
        self::mustBeUnsigned('timeoutMs', $timeoutMs);
        self::mustAllowConfiguration($configuration);
        return self::call('wsd_preflight_with', [$configuration, Json::encode(['live' => $live]), $timeoutMs]);
    }

    /** @return array<mixed> */
    public static function orderCreate(CData $client, #[\SensitiveParameter] RawOrder $order, int $timeoutMs): array
    {
        self::mustBeUnsigned('timeoutMs', $timeoutMs);
        return self::call('wsd_order_create', [$client, ...self::order($order), $timeoutMs]);
    }

    /** @return array<mixed> */
    public static function orderValidate(
        #[\SensitiveParameter] string $settings,
        #[\SensitiveParameter] RawOrder $order,
    ): array {
        self::mustAllowConfiguration($settings);
        return self::call('wsd_order_validate', [$settings, ...self::order($order)]);
    }

    public static function orderWire(
        #[\SensitiveParameter] string $settings,
        #[\SensitiveParameter] RawOrder $order,
    ): string {
        self::mustAllowConfiguration($settings);
        return (string) self::bulk('wsd_order_wire', [$settings, ...self::order($order)])[1];
    }

    /**
     * Opens an order that a transport sends. Its attachments must live until it is closed.
     *
     * @return array{CData, array<mixed>} the handle, and what the request needs
     */
    public static function orderOpen(
        #[\SensitiveParameter] string $settings,
        #[\SensitiveParameter] RawOrder $order,
        int $timeoutMs,
    ): array {
        self::mustAllowHosted($settings, $timeoutMs);
        $opened = self::ffi()->new('wsd_order *');
        $about = self::call('wsd_order_open', [$settings, ...self::order($order), $timeoutMs, FFI::addr($opened)]);
        return [$opened, $about];
    }

    /**
     * Checks the settings of a client whose orders a transport sends.
     *
     * @return array<mixed> the endpoint
     */
    public static function configHosted(#[\SensitiveParameter] string $settings): array
    {
        OpenBasedir::mustAllowPlaceOf($settings);
        return self::call('wsd_config_hosted', [$settings]);
    }

    /**
     * Looks at what an order needs that a transport sends.
     *
     * @param array<string, mixed> $told of the transport, and of what it saw
     *
     * @return array<mixed> the report, and the request to make
     */
    public static function preflightHosted(
        #[\SensitiveParameter] string $settings,
        array $told,
        int $timeoutMs,
    ): array {
        self::mustAllowHosted($settings, $timeoutMs);
        return self::call('wsd_preflight_hosted', [$settings, Json::encode($told), $timeoutMs]);
    }

    private static function mustAllowHosted(#[\SensitiveParameter] string $settings, int $timeoutMs): void
    {
        self::mustBeUnsigned('timeoutMs', $timeoutMs);
        OpenBasedir::mustAllowPlaceOf($settings);
    }

    /** Returns room for so many bytes. */
    public static function space(int $length): CData
    {
        return self::ffi()->new("char[$length]");
    }

    /** Returns the next bytes of an order, as many as there is room for at most. */
    public static function orderRead(CData $order, CData $space, int $length): string
    {
        $count = self::ffi()->new('size_t');
        self::text('wsd_order_read', [$order, $space, $length, FFI::addr($count)]);
        return FFI::string($space, $count->cdata);
    }

    public static function orderRewind(CData $order): void
    {
        self::text('wsd_order_rewind', [$order]);
    }

    /** @return array<mixed> */
    public static function orderAnswered(CData $order, int $httpStatus, #[\SensitiveParameter] string $body): array
    {
        self::mustBeUnsigned('httpStatus', $httpStatus);
        return self::call('wsd_order_answered', [$order, $httpStatus, $body]);
    }

    /** @param array<string, string|bool> $failure @return array<mixed> the pause before the next try, and the time left */
    public static function orderFailed(CData $order, array $failure): array
    {
        return self::call('wsd_order_failed', [$order, Json::encode($failure)]);
    }

    public static function orderClose(CData $order): void
    {
        self::ffi()->wsd_order_close($order);
    }

    /** @return array<mixed> */
    public static function answerRead(int $httpStatus, string $body): array
    {
        self::mustBeUnsigned('httpStatus', $httpStatus);
        return self::call('wsd_answer_read', [$httpStatus, $body]);
    }

    /** @return array{array<mixed>, ?string} the push, and its document unless a file got it */
    public static function pushReceive(
        #[\SensitiveParameter] string $body,
        #[\SensitiveParameter] string $options,
    ): array {
        OpenBasedir::mustAllowAllOf($options);
        return self::bulk('wsd_push_receive', [$body, $options, null, 0]);
    }

    public static function pushOpen(#[\SensitiveParameter] string $options): CData
    {
        OpenBasedir::mustAllowAllOf($options);
        $push = self::ffi()->new('wsd_push *');
        self::text('wsd_push_open', [$options, null, 0, FFI::addr($push)]);
        return $push;
    }

    public static function pushFeed(CData $push, #[\SensitiveParameter] string $piece): void
    {
        self::text('wsd_push_feed', [$push, $piece]);
    }

    /** @return array{array<mixed>, ?string} the push, and its document unless a file got it */
    public static function pushFinish(CData $push): array
    {
        return self::bulk('wsd_push_finish', [$push]);
    }

    public static function pushAbandon(CData $push): void
    {
        self::ffi()->wsd_push_abandon($push);
    }

    /**
     * Takes a step in a delivery store that is a folder.
     *
     * @param string $step `claim`, `complete`, `release` or `renew`
     * @param array<string, string|int> $delivery folder, key, owner, expire_seconds
     *
     * @return array<mixed>
     */
    public static function delivery(string $step, array $delivery): array
    {
        $json = Json::encode($delivery);
        OpenBasedir::mustAllowAllOf($json);
        return self::call("wsd_delivery_$step", [$json]);
    }

    /** @return array<mixed> the report about a document, which is given or is a file that the options name */
    public static function verify(
        #[\SensitiveParameter] string $document,
        #[\SensitiveParameter] string $sent,
        #[\SensitiveParameter] string $options,
    ): array {
        OpenBasedir::mustAllowAllOf($options);
        return self::call('wsd_verify', [$document, $sent, $options]);
    }

    /** @return array<mixed> whom a document's signatures lead to */
    public static function trustOf(
        #[\SensitiveParameter] string $document,
        #[\SensitiveParameter] string $options,
    ): array {
        OpenBasedir::mustAllowAllOf($options);
        return self::call('wsd_trust_of', [$document, $options]);
    }

    private static function mustAllowConfiguration(#[\SensitiveParameter] string $configuration): void
    {
        OpenBasedir::mustAllowConfiguration(
            $configuration,
            static fn (string $place): string => self::text('wsd_config_resolve', [$place]),
        );
    }

    private static function ffi(): FFI
    {
        return Library::get()->ffi;
    }

    /**
     * Calls a function, and returns its document.
     *
     * @param list<mixed> $arguments
     *
     * @return array<mixed>
     *
     * @throws WoSignDocException of the kind that the function reports
     */
    private static function call(string $function, #[\SensitiveParameter] array $arguments = []): array
    {
        $text = self::text($function, $arguments);
        return $text === '' ? [] : Json::decode($text);
    }

    /**
     * Calls a function, and returns its document as text; an empty one when there is none.
     *
     * @param list<mixed> $arguments
     */
    private static function text(string $function, #[\SensitiveParameter] array $arguments): string
    {
        $out = Out::borrow();
        return self::read($out, self::invoke($function, $arguments, $out));
    }

    /**
     * Calls a function that hands out bulk bytes beside its document.
     *
     * @param list<mixed> $arguments
     *
     * @return array{array<mixed>, ?string} the document and the bytes; null: there were none
     */
    private static function bulk(string $function, #[\SensitiveParameter] array $arguments): array
    {
        $bulk = Out::borrow();
        $out = Out::borrow();
        $status = self::invoke($function, $arguments, $bulk, $out);
        $bytes = $bulk->take();
        return [Json::decode(self::read($out, $status) ?: '{}'), $bytes];
    }

    /** @param list<mixed> $arguments a text is passed with its length */
    private static function invoke(string $function, #[\SensitiveParameter] array $arguments, Out ...$outs): int
    {
        $all = [];
        foreach ($arguments as $argument) {
            $all[] = $argument;
            if (is_string($argument)) {
                $all[] = strlen($argument);
            }
        }
        foreach ($outs as $out) {
            array_push($all, $out->startPlace, $out->sizePlace);
        }
        return self::ffi()->$function(...$all);
    }

    private static function read(Out $out, int $status): string
    {
        $text = $out->take() ?? '';
        if ($status !== 0) {
            throw WoSignDocException::from(Json::naming(Json::decode($text !== '' ? $text : self::SILENT)));
        }
        return $text;
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

    /**
     * Makes an order the arguments that the core takes: JSON, and attachments. The strings are pointed at, not
     * copied: the caller keeps them until the call is over.
     *
     * @return array{string, ?CData, ?CData, int}
     */
    private static function order(#[\SensitiveParameter] RawOrder $order): array
    {
        OpenBasedir::mustAllowAllOf($order->json);
        $count = count($order->attachments);
        if ($count === 0) {
            return [$order->json, null, null, 0];
        }
        $ffi = self::ffi();
        $pointers = $ffi->new("const char *[$count]");
        $lengths = $ffi->new("size_t[$count]");
        foreach (array_values($order->attachments) as $at => $bytes) {
            $pointers[$at] = $ffi->cast('char *', self::pointer($bytes));
            $lengths[$at] = strlen($bytes);
        }
        return [$order->json, $pointers, $lengths, $count];
    }

    /**
     * Returns the address of a string's bytes. PHP hands it only to parameters of a call, so a C function that
     * returns its parameter (here: moving no bytes) brings it back.
     */
    private static function pointer(#[\SensitiveParameter] string $bytes): CData
    {
        self::$libc ??= FFI::cdef('void *memmove(const char *to, const char *from, size_t length);', Platform::libc());
        return self::$libc->memmove($bytes, $bytes, 0);
    }
}
