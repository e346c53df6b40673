<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Native\Core;

/** Speaks the protocol without a network: checks and writes out orders, reads answers, lists all codes. */
final class Protocol
{
    /**
     * Checks an order.
     *
     * @param string $settings the configuration as JSON; of it, `tokenid` and `allow_empty_material` count
     *
     * @return list<Warning> oddities that would stop nothing
     *
     * @throws Exception\InvalidOrderException with every rule that it breaks
     */
    public static function validate(
        #[\SensitiveParameter] SignOrder|RawOrder $order,
        #[\SensitiveParameter] string $settings = '{}',
    ): array {
        return Warning::listFrom(Core::orderValidate($settings, self::raw($order)));
    }

    /**
     * Returns the request body of an order, to look at or to send by other means.
     *
     * @param string $settings the configuration as JSON; of it, `tokenid` and `allow_empty_material` count
     *
     * @throws Exception\InvalidOrderException with every rule that it breaks
     */
    public static function wire(
        #[\SensitiveParameter] SignOrder|RawOrder $order,
        #[\SensitiveParameter] string $settings = '{}',
    ): string {
        return Core::orderWire($settings, self::raw($order));
    }

    /**
     * Reads a platform's answer that came by other means.
     *
     * @throws Exception\InvalidCallException when $httpStatus is out of range
     * @throws Exception\PlatformException when the platform says no
     * @throws Exception\ProtocolException when it is not an answer of the protocol
     */
    public static function readAnswer(int $httpStatus, string $body): SignOrderResult
    {
        return new SignOrderResult(Core::answerRead($httpStatus, $body));
    }

    /**
     * Returns every kind, code and reason with its texts in English and Chinese.
     *
     * @return array<mixed>
     */
    public static function catalogue(): array
    {
        return Core::catalogue();
    }

    /** Returns the native library's version. */
    public static function version(): string
    {
        return Core::version();
    }

    private static function raw(#[\SensitiveParameter] SignOrder|RawOrder $order): RawOrder
    {
        return $order instanceof RawOrder ? $order : $order->toRaw();
    }
}
