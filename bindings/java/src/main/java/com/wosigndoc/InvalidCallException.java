package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that a call was made wrongly, or that a configuration does not hold together (kind {@code argument}). */
public final class InvalidCallException extends WoSignDocException {
    InvalidCallException(JsonObject document) {
        super(document);
    }

    /** Tells that a push has no place for the document that was sent beside it. */
    static InvalidCallException sentAsBytes() {
        JsonObject document = own(ErrorKind.ARGUMENT, "bad_option",
                "the document that was sent must be a file here", "此处应以文件形式提供所提交的文档",
                "give its file, or verify in the function that gets the push", "请提供其文件，或在接收推送的函数中验证");
        document.addProperty("field", "verify.sent");
        return new InvalidCallException(document);
    }

    /** Tells of a text that was cut in the middle of a character. */
    static InvalidCallException halfACharacter(String field) {
        JsonObject document = own(ErrorKind.ARGUMENT, "not_utf8",
                "the text holds half of a surrogate pair", "文本含有不成对的代理字符",
                "give whole characters: cut a text with offsetByCodePoints, or where Character.isLowSurrogate is false",
                "请提供完整的字符：截断文本时使用 offsetByCodePoints，或避开 Character.isLowSurrogate 为真的位置");
        if (field != null && !field.isEmpty()) {
            document.addProperty("field", field);
        }
        return new InvalidCallException(document);
    }
}
