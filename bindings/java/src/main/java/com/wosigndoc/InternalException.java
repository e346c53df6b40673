package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports a defect of this library (kind {@code internal}): please pass it on to its makers. */
public final class InternalException extends WoSignDocException {
    InternalException(JsonObject document) {
        super(document);
    }

    static JsonObject defect(String message, String messageZh) {
        return own(ErrorKind.INTERNAL, "defect", message, messageZh,
                "report it, with this text and the versions of package and library", "请附上此文字及软件包和原生库的版本进行反馈");
    }

    static InternalException documentTooLarge() {
        return new InternalException(own(ErrorKind.INTERNAL, "document_too_large",
                "the document is larger than a Java array can be", "文档超过 Java 数组的上限",
                "receive it into a file: PushOptions.toFile", "请接收到文件中：PushOptions.toFile"));
    }

    /** Makes a failure of a kind that only a newer library knows: its word is kept, and nothing is hidden. */
    static InternalException unknownKind(String word, JsonObject document) {
        JsonObject failure = document.deepCopy();
        failure.addProperty("message", "a failure of the unknown kind " + word + ": "
                + Json.text(document, "message", "unknown failure"));
        failure.addProperty("message_zh", "未知类型的故障 " + word + "：" + Json.text(document, "message_zh", "未知故障"));
        if (!document.has("advice")) {
            failure.addProperty("advice", "use package and library of the same version");
            failure.addProperty("advice_zh", "请使用版本一致的软件包和原生库");
        }
        return new InternalException(failure);
    }
}
