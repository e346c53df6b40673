package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that a call was made wrongly, or that a configuration does not hold together (kind {@code argument}). */
public final class InvalidCallException extends WoSignDocException {
    InvalidCallException(JsonObject document) {
        super(document);
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
