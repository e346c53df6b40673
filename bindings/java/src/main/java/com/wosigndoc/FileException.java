package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;

/** Reports that a file could not be read or written, or that the system has run out of something (kind {@code io}). */
public final class FileException extends WoSignDocException {
    FileException(JsonObject document) {
        super(document);
    }

    private FileException(JsonObject document, Exception cause) {
        super(document);
        initCause(cause);
    }

    static FileException reading(String what, Exception cause) {
        return new FileException(own(ErrorKind.IO, "file_unreadable",
                what + " cannot be read: " + cause.getMessage(), what + " 无法读取：" + word(cause),
                "look at the cause, and give a source that can be read", "请查看原因，并提供可读取的来源"), cause);
    }

    /** Tells that a document is no longer in its file. */
    static FileException gone(Path file, Exception cause) {
        return new FileException(own(ErrorKind.IO, "file_unreadable",
                "the document cannot be read from " + file + ": " + cause, "无法从 " + file + " 读取文档：" + word(cause),
                "read it before the endpoint's function returns, and move its file by moveTo only",
                "请在端点的函数返回之前读取，并只用 moveTo 移动其文件"), cause);
    }

    /** Tells that documents cannot be kept in a folder. */
    static FileException folder(Path folder, Exception cause) {
        JsonObject document = own(ErrorKind.IO, "file_unwritable",
                "no files can be made in the folder " + folder + ": " + cause, "无法在目录 " + folder + " 中创建文件：" + word(cause),
                "name a folder that this user can write to, or make it so", "请指定当前用户可写的目录，或修改其权限");
        document.addProperty("field", "folder");
        return new FileException(document, cause);
    }

    // What Java says of it is English.
    private static String word(Exception cause) {
        return cause.getClass().getSimpleName();
    }
}
