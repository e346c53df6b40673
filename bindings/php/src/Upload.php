<?php

declare(strict_types=1);

namespace WoSignDoc;

use WoSignDoc\Exception\FileException;
use WoSignDoc\Exception\InvalidCallException;

/**
 * Reads an entry of `$_FILES`: PHP keeps an upload under a name without a suffix, and tells of failures by numbers.
 *
 * @internal
 */
final class Upload
{
    /**
     * Returns the file that PHP keeps an upload in.
     *
     * @param array<mixed> $file
     *
     * @throws InvalidCallException
     * @throws FileException
     */
    public static function file(array $file): string
    {
        $path = $file['tmp_name'] ?? null;
        $error = $file['error'] ?? null;
        if (is_array($path) || is_array($error)) {
            throw self::wrong(
                'it holds several files, as a field named pdf[] gives them',
                '其中有多个文件（字段名为 pdf[] 时如此）',
            );
        }
        if (!is_int($error) || !is_string($path)) {
            throw self::wrong('it has no "tmp_name" and "error"', '其中没有 "tmp_name" 和 "error"');
        }
        if ($error !== UPLOAD_ERR_OK) {
            throw self::failed(...self::why($error));
        }
        // A path that a form makes up is none of an upload.
        return is_uploaded_file($path) ? $path : throw self::failed(
            'PHP knows of no such upload: it was moved away, or is not of this request',
            'PHP 没有该上传文件的记录：文件已被移走，或不属于本次请求',
        );
    }

    /** Returns the name that the file had where it came from. @param array<mixed> $file */
    public static function name(array $file): ?string
    {
        return is_string($file['name'] ?? null) ? $file['name'] : null;
    }

    /** @return array{string, string} */
    private static function why(int $error): array
    {
        return match ($error) {
            UPLOAD_ERR_INI_SIZE => [
                'the file is larger than upload_max_filesize (' . ini_get('upload_max_filesize') . ')',
                '文件超过 upload_max_filesize（' . ini_get('upload_max_filesize') . '）',
            ],
            UPLOAD_ERR_FORM_SIZE => ["the file is larger than the form's MAX_FILE_SIZE", '文件超过表单的 MAX_FILE_SIZE'],
            UPLOAD_ERR_PARTIAL => ['the file arrived in part only', '文件只收到一部分'],
            UPLOAD_ERR_NO_FILE => ['no file was chosen', '没有选择文件'],
            UPLOAD_ERR_NO_TMP_DIR => ['PHP has no folder for uploads (upload_tmp_dir)', 'PHP 没有上传目录（upload_tmp_dir）'],
            UPLOAD_ERR_CANT_WRITE => ['PHP could not write the file (upload_tmp_dir)', 'PHP 无法写入文件（upload_tmp_dir）'],
            UPLOAD_ERR_EXTENSION => ['an extension of PHP stopped the upload', 'PHP 扩展中止了上传'],
            default => ["PHP says error $error", "PHP 错误号 $error"],
        };
    }

    private static function failed(string $why, string $whyZh): FileException
    {
        return FileException::of('upload_failed', "the upload failed: $why", "上传失败：$whyZh", 'upload');
    }

    private static function wrong(string $what, string $whatZh): InvalidCallException
    {
        return InvalidCallException::of(
            'bad_upload',
            "this is no entry of \$_FILES for one file: $what",
            "这不是 \$_FILES 中单个文件的条目：$whatZh",
            "give one file, such as \$_FILES['pdf']; of several, build an entry for each",
            "请传入单个文件，例如 \$_FILES['pdf']；有多个文件时，请逐个组成条目",
            'upload',
        );
    }
}
