<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;

/** The network failed before or while the order was sent; {@see $mayHaveArrived} says which. */
final class TransportException extends WoSignDocException
{
    /**
     * Tells that a transport threw what says nothing of the order. It is not sent again: the site may want its end.
     *
     * @internal
     *
     * @param bool $sent whether a byte of the order was read
     */
    public static function ofTransport(\Throwable $thrown, bool $sent): self
    {
        $type = get_debug_type($thrown);
        $isNull = $thrown instanceof \TypeError && preg_match('/::send\(\): Return .*, null returned$/', $thrown->getMessage()) === 1;
        return self::own(
            ErrorKind::Transport,
            $sent ? 'connection_lost' : 'connect_failed',
            $isNull ? 'the transport returned null' : "the transport threw $type",
            $isNull ? '传输返回了 null' : "传输抛出了 $type",
            'see the exception before this one; a transport returns a Response, or throws a NoAnswerException when none came',
            '请查看其前一个异常（getPrevious()）；传输应返回 Response，没有应答时应抛出 NoAnswerException',
            mayHaveArrived: $sent,
            previous: $thrown,
        );
    }
}
