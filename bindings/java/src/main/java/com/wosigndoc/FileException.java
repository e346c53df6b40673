package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.IOException;

/** A file could not be read or written (kind {@code io}). */
public final class FileException extends WoSignDocException {
    FileException(JsonObject document) {
        super(document);
    }

    private FileException(String reason, String message, String messageZh, IOException cause) {
        super("io", reason, message, messageZh);
        initCause(cause);
    }

    static FileException reading(String what, IOException cause) {
        return new FileException(
                "file_unreadable",
                what + " cannot be read: " + cause.getMessage(),
                what + " 无法读取:" + cause.getMessage(),
                cause);
    }

    static FileException writing(String what, IOException cause) {
        return new FileException(
                "file_unwritable",
                what + " cannot be written: " + cause.getMessage(),
                what + " 无法写入:" + cause.getMessage(),
                cause);
    }
}
