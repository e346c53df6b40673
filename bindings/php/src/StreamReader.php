<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;

/**
 * Reads streams that a site hands over, and takes none for empty that could not be read.
 *
 * @internal
 */
final class StreamReader
{
    /** Bytes that are read at a time. */
    private const PIECE = 65536;

    /**
     * Checks that it is a stream, and open.
     *
     * @param string $call the call that wants it, for the message
     *
     * @throws InvalidCallException
     */
    public static function mustBeOpen(mixed $stream, string $call): void
    {
        if (is_resource($stream) && get_resource_type($stream) === 'stream') {
            return;
        }
        $closed = gettype($stream) === 'resource (closed)';
        throw InvalidCallException::of(
            'not_a_stream',
            $closed
                ? "$call got a stream that is closed already"
                : "$call takes a stream opened for reading, such as fopen() returns, not " . get_debug_type($stream),
            $closed
                ? "$call 收到的流已经关闭"
                : "$call 需要一个可读的流，例如 fopen() 的返回值，而不是 " . get_debug_type($stream),
            $closed
                ? 'call fclose() after this call, or open the stream again'
                : 'open it with fopen(); a file is given by its path, a content as a string, to the calls for these',
            $closed
                ? '请在此调用之后再执行 fclose()，或重新打开该流'
                : '请用 fopen() 打开流；文件请使用接受路径的方法，字节内容请使用接受字符串的方法',
            'stream',
        );
    }

    /**
     * Returns the next bytes of a stream; there are none at its end only. One that times out, or would have to
     * wait, gives none either, and what it gave before is half a contract.
     *
     * @param resource $stream
     *
     * @throws FileException
     */
    public static function next($stream): string
    {
        $piece = @fread($stream, self::PIECE);
        $stalled = $piece === '' && (!feof($stream) || (stream_get_meta_data($stream)['timed_out'] ?? false));
        if ($piece === false || $stalled) {
            throw FileException::of(
                'stream_unreadable',
                'the stream cannot be read to its end',
                '无法将该流读取到末尾',
                'stream',
            );
        }
        return $piece;
    }

    /**
     * Checks that a stream that gave no bytes has none: one that was read before stands at its end.
     *
     * @param resource $stream
     *
     * @throws FileException
     */
    public static function mustNotHaveBeenRead($stream): void
    {
        if ((int) @ftell($stream) > 0) {
            throw FileException::of(
                'stream_at_end',
                'the stream stands at its end: it was read before',
                '该流已位于末尾：之前已被读取',
                'stream',
            );
        }
    }
}
