<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;
use WoSignDoc\Native\Text;

/**
 * Where the bytes of a document, a seal or a material come from. A file is read and encoded while the
 * order is sent; more than a few bytes are handed to the core as they lie in memory, without a copy.
 */
final class DocumentSource implements \JsonSerializable
{
    /** A stream longer than this, in bytes, is kept in a temporary file instead of memory. */
    private const IN_MEMORY = 1024 * 1024;

    /** Bytes from which on they are handed over beside the order; fewer are quicker written into it. */
    private const SMALL = 4096;

    /** Bytes of a document's beginning that tell what it is. */
    private const BEGINNING = 1024;

    private function __construct(
        private readonly ?string $path = null,
        #[\SensitiveParameter]
        private readonly ?string $bytes = null,
        #[\SensitiveParameter]
        private readonly ?string $base64 = null,
        private readonly ?TemporaryFile $spool = null,
        private readonly ?string $name = null,
    ) {
    }

    /** Reads a file. Its name may be in any encoding. */
    public static function path(string $path): self
    {
        return new self(path: $path, name: $path);
    }

    /**
     * Takes a file that a browser has sent, with the suffix of the name that it had there.
     *
     * @param array<string, mixed> $file one file's entry of `$_FILES`, such as `$_FILES['pdf']`
     *
     * @throws InvalidCallException when it is no such entry, or one of several files
     * @throws FileException when the upload failed; the message says why
     */
    public static function upload(array $file): self
    {
        return new self(path: Upload::file($file), name: Upload::name($file));
    }

    /** Takes bytes in memory, for example a generated PDF. */
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
     * @throws InvalidCallException when it is not a stream, or closed
     * @throws FileException when it stands at its end already, when reading it to its end (also when it times out), or
     *     writing the temporary file, fails
     */
    public static function stream($stream): self
    {
        StreamReader::mustBeOpen($stream, 'DocumentSource::stream()');
        $next = static fn (): string => StreamReader::next($stream);
        $start = '';
        while (($piece = $next()) !== '') {
            $start .= $piece;
            if (strlen($start) > self::IN_MEMORY) {
                return new self(spool: TemporaryFile::holding($start, $next));
            }
        }
        if ($start === '') {
            StreamReader::mustNotHaveBeenRead($stream);
        }
        return new self(bytes: $start);
    }

    /**
     * Returns the suffix, for example `pdf`: that of the file's name, or what the first bytes say; null where both
     * say nothing.
     */
    public function suffix(): ?string
    {
        $suffix = $this->name === null ? '' : pathinfo($this->name, PATHINFO_EXTENSION);
        return match (true) {
            preg_match('/^[\x21-\x7e]+$/', $suffix) === 1 => $suffix,
            str_contains($this->beginning(), '%PDF-') => 'pdf',
            default => null,
        };
    }

    private function beginning(): string
    {
        $file = $this->spool !== null ? $this->spool->path : $this->path;
        return match (true) {
            $this->bytes !== null => substr($this->bytes, 0, self::BEGINNING),
            $this->base64 !== null => (string) base64_decode(substr($this->base64, 0, self::BEGINNING), false),
            // What is wrong with the file is said when it is sent.
            default => is_file((string) $file)
                ? (string) @file_get_contents((string) $file, false, null, 0, self::BEGINNING)
                : '',
        };
    }

    /**
     * Writes the source as the core reads it; more than a few bytes are added to the attachments, which travel
     * beside the JSON.
     *
     * @param list<string> $attachments
     *
     * @return string|array<string, string|int>
     *
     * @throws FileException when a file whose name is not UTF-8 cannot be read
     */
    public function toArray(array &$attachments): string|array
    {
        if ($this->base64 !== null) {
            return $this->base64;
        }
        $bytes = $this->bytes ?? $this->ofForeignName();
        // An empty text would say that nothing was given.
        if ($bytes !== null && $bytes !== '' && strlen($bytes) <= self::SMALL) {
            return base64_encode($bytes);
        }
        if ($bytes !== null) {
            $attachments[] = $bytes;
            return ['attachment' => count($attachments) - 1];
        }
        return ['path' => $this->spool !== null ? $this->spool->path : (string) $this->path];
    }

    /**
     * Returns the bytes, or the file that the core reads by itself: one of the two.
     *
     * @internal
     *
     * @return array{?string, ?string}
     *
     * @throws FileException when a file whose name is not UTF-8 cannot be read
     * @throws InvalidCallException when the base64 is none
     */
    public function bytesOrFile(): array
    {
        $bytes = match (true) {
            $this->base64 !== null => self::decoded($this->base64),
            default => $this->bytes ?? $this->ofForeignName(),
        };
        if ($bytes !== null) {
            return [$bytes, null];
        }
        return [null, Host::absolute($this->spool !== null ? $this->spool->path : (string) $this->path)];
    }

    private static function decoded(#[\SensitiveParameter] string $base64): string
    {
        $bytes = base64_decode($base64, true);
        return $bytes !== false ? $bytes : throw InvalidCallException::of(
            'bad_option',
            'the document is not base64',
            '文档不是 base64',
            'give the bytes themselves by DocumentSource::bytes()',
            '请使用 DocumentSource::bytes() 直接提供字节',
        );
    }

    /** Returns the bytes of a file whose name is not UTF-8, as on a site in GBK: PHP opens it, the core could not. */
    private function ofForeignName(): ?string
    {
        if ($this->path === null || preg_match('//u', $this->path) === 1) {
            return null;
        }
        $bytes = is_file($this->path) ? @file_get_contents($this->path) : false;
        return $bytes !== false ? $bytes : throw FileException::of(
            'file_unreadable',
            'the file cannot be read, whose name is not UTF-8: ' . Text::printable($this->path),
            '无法读取该文件（其名称不是 UTF-8 编码）：' . Text::printable($this->path),
        );
    }

    /** Keeps documents and materials out of dumps. @return array<string, string> */
    public function __debugInfo(): array
    {
        return match (true) {
            $this->bytes !== null => ['bytes' => strlen($this->bytes) . ' bytes'],
            $this->base64 !== null => ['base64' => strlen($this->base64) . ' characters'],
            default => ['path' => Text::printable($this->spool !== null ? $this->spool->path : (string) $this->path)],
        };
    }

    /** Does the same for json_encode(). @return array<string, string> */
    public function jsonSerialize(): array
    {
        return $this->__debugInfo();
    }
}
