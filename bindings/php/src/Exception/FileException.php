<?php

declare(strict_types=1);

namespace WoSignDoc\Exception;

use WoSignDoc\ErrorKind;

/** A file could not be read or written, or the system has run out of something. */
final class FileException extends WoSignDocException
{
    /** @internal */
    public static function of(string $reason, string $message, string $messageZh, ?string $field = null): self
    {
        return self::own(ErrorKind::Io, $reason, $message, $messageZh, ...[...self::advice($reason), $field]);
    }

    /**
     * Says what to do.
     *
     * @internal
     *
     * @param string $family as PHP_OS_FAMILY
     *
     * @return array{string, string} in English and in Chinese
     */
    public static function advice(string $reason, string $family = PHP_OS_FAMILY): array
    {
        return match ($reason) {
            'file_unreadable' => ['check the path and its permissions', '请检查路径及权限'],
            'file_unwritable' => ['check the folder, its permissions and the free space', '请检查目录、权限和剩余空间'],
            'stream_unreadable' => [
                'give a blocking stream that is open for reading, with a timeout long enough for all of it',
                '请提供以读取方式打开的阻塞流，并设置足以读完全部内容的超时时间',
            ],
            'stream_at_end' => [
                'rewind() it, or hand it over before it is read',
                '请先用 rewind() 回到开头，或在读取之前传入',
            ],
            'bad_file_name' => [
                "name the file by what is letters and digits only, such as the document's sha256",
                '请使用仅含字母和数字的文件名，例如文档的 sha256',
            ],
            // There is no php-fpm on Windows.
            'open_basedir' => $family === 'Windows' ? [
                'name its folder in open_basedir (php.ini, or php_admin_value in the configuration of Apache; a ; stands '
                    . 'between folders), or use a file in one that is named there',
                '请在 open_basedir（php.ini，或 Apache 配置中的 php_admin_value；目录之间以 ; 分隔）中列出其所在目录，'
                    . '或改用已列出目录中的文件',
            ] : [
                'name its folder in open_basedir (php.ini, or php_admin_value in the php-fpm pool), or use a file in one '
                    . 'that is named there',
                '请在 open_basedir（php.ini，或 php-fpm 池中的 php_admin_value）中列出其所在目录，或改用已列出目录中的文件',
            ],
            'upload_failed' => [
                'ask for the upload again, and check upload_max_filesize, post_max_size and upload_tmp_dir',
                '请要求重新上传，并检查 upload_max_filesize、post_max_size 和 upload_tmp_dir',
            ],
            'document_gone' => [
                'store the document in the function that gets the push: the endpoint removes its file when it has returned',
                '请在接收推送的函数内保存文档：该函数返回后，端点会删除其文件',
            ],
        };
    }
}
