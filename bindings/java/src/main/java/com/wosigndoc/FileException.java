package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.IOException;

/** Reports that a file could not be read or written, or that the system has run out of something (kind {@code io}). */
public final class FileException extends WoSignDocException {
    FileException(JsonObject document) {
        super(document);
    }

    private FileException(JsonObject document, IOException cause) {
        super(document);
        initCause(cause);
    }

    static FileException reading(String what, IOException cause) {
        JsonObject document = own(ErrorKind.IO, "file_unreadable",
                what + " cannot be read: " + cause.getMessage(), what + " 无法读取：" + cause.getMessage(),
                "look at the cause, and give a source that can be read", "请查看原因，并提供可读取的来源");
        return new FileException(document, cause);
    }
}
