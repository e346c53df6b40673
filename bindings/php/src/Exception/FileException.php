<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;

/** A file could not be read or written, or the system has run out of something. */
final class FileException extends WoSignDocException
{
    /** @internal */
    public static function of(string $reason, string $message, string $messageZh): self
    {
        return self::own(ErrorKind::Io, $reason, $message, $messageZh, ...self::advice($reason));
    }

    /** @return array{string, string} in English and in Chinese */
    private static function advice(string $reason): array
    {
        return match ($reason) {
            'file_unreadable' => ['check the path and its permissions', '请检查路径及权限'],
            'file_unwritable' => ['check the folder, its permissions and the free space', '请检查目录、权限和剩余空间'],
            'stream_unreadable' => [
                'give a blocking stream that is open for reading, with a timeout long enough for all of it',
                '请提供以读取方式打开的阻塞流，并设置足以读完全部内容的超时时间',
            ],
        };
    }
}
