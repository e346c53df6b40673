<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;

/**
 * Where the bytes of a document, a seal or a material come from. A file is read and encoded while the
 * order is sent; more than a few bytes are handed to the core as they lie in memory, without a copy.
 */
final class DocumentSource implements \JsonSerializable
{
    /** A stream longer than this, in bytes, is kept in a temporary file instead of memory. */
    private const IN_MEMORY = 1024 * 1024;

    /** Bytes that are read of a stream at a time. */
    private const PIECE = 65536;

    /** Bytes from which on they are handed over beside the order; fewer are quicker written into it. */
    private const SMALL = 4096;

    private function __construct(
        private readonly ?string $path = null,
        #[\SensitiveParameter]
        private readonly ?string $bytes = null,
        #[\SensitiveParameter]
        private readonly ?string $base64 = null,
        private readonly ?TemporaryFile $spool = null,
    ) {
    }

    /** Reads a file. */
    public static function path(string $path): self
    {
        return new self(path: $path);
    }

    /** Takes bytes in memory, for example an upload or a generated PDF. */
    public static function bytes(#[\SensitiveParameter] string $bytes): self
    {
        return new self(bytes: $bytes);
    }

    /** Takes base64 that exists already; it is checked, and sent as it is. */
    public static function base64(#[\SensitiveParameter] string $base64): self
    {
        return new self(base64: $base64);
    }

    /**
     * Reads a stream from where it stands to its end. More than 1 MiB is kept in a temporary file that
     * only this user can read, and that goes when this object goes.
     *
     * @param resource $stream
     *
     * @throws InvalidCallException when it is not a stream that can be read
     * @throws FileException when reading it to its end (also when it times out), or writing the temporary file, fails
     */
    public static function stream($stream): self
    {
        if (!is_resource($stream) || get_resource_type($stream) !== 'stream') {
            throw InvalidCallException::of(
                'not_a_stream',
                'DocumentSource::stream() takes a stream opened for reading, such as fopen() returns',
                'DocumentSource::stream() 需要一个可读的流，例如 fopen() 的返回值',
                'open it with fopen(); for a file use DocumentSource::path(), for its content DocumentSource::bytes()',
                '请用 fopen() 打开流；文件用 DocumentSource::path()，字节内容用 DocumentSource::bytes()',
            );
        }
        $next = static fn (): string => self::next($stream);
        $start = '';
        while (($piece = $next()) !== '') {
            $start .= $piece;
            if (strlen($start) > self::IN_MEMORY) {
                return new self(spool: TemporaryFile::holding($start, $next));
            }
        }
        return new self(bytes: $start);
    }

    /**
     * Reads the next bytes of a stream; there are none at its end only. One that times out, or would have to
     * wait, gives none either, and what it gave before is half a contract.
     *
     * @param resource $stream
     */
    private static function next($stream): string
    {
        $piece = @fread($stream, self::PIECE);
        $stalled = $piece === '' && (!feof($stream) || (stream_get_meta_data($stream)['timed_out'] ?? false));
        if ($piece === false || $stalled) {
            throw FileException::of(
                'stream_unreadable',
                'the stream cannot be read to its end',
                '无法将该流读取到末尾',
            );
        }
        return $piece;
    }

    /** Returns the file's suffix, for example `pdf`; null where the bytes come from no file, or from one without. */
    public function suffix(): ?string
    {
        $suffix = $this->path === null ? '' : pathinfo($this->path, PATHINFO_EXTENSION);
        return $suffix === '' ? null : $suffix;
    }

    /**
     * Writes the source as the core reads it; more than a few bytes are added to the attachments, which travel
     * beside the JSON.
     *
     * @param list<string> $attachments
     *
     * @return string|array<string, string|int>
     */
    public function toArray(array &$attachments): string|array
    {
        if ($this->base64 !== null) {
            return $this->base64;
        }
        // An empty text would say that nothing was given.
        if ($this->bytes !== null && $this->bytes !== '' && strlen($this->bytes) <= self::SMALL) {
            return base64_encode($this->bytes);
        }
        if ($this->bytes !== null) {
            $attachments[] = $this->bytes;
            return ['attachment' => count($attachments) - 1];
        }
        return ['path' => $this->spool !== null ? $this->spool->path : (string) $this->path];
    }

    /** Keeps documents and materials out of dumps. @return array<string, string> */
    public function __debugInfo(): array
    {
        return match (true) {
            $this->bytes !== null => ['bytes' => strlen($this->bytes) . ' bytes'],
            $this->base64 !== null => ['base64' => strlen($this->base64) . ' characters'],
            default => ['path' => $this->spool !== null ? $this->spool->path : (string) $this->path],
        };
    }

    /** Does the same for json_encode(). @return array<string, string> */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }
}
