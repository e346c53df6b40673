//! What is said of a body that is not legal JSON. Statics, so that a fault stays as small as a pointer.

use crate::protocol::bilingual::Bilingual;

pub(super) static ILLEGAL_CHARACTER: Bilingual =
    Bilingual::fixed("a character stands where JSON has none like it", "JSON 在此处不允许出现该字符");
pub(super) static NOT_AN_OBJECT: Bilingual =
    Bilingual::fixed("the body must be a JSON object", "请求体应为 JSON 对象");
pub(super) static ILLEGAL_NAME: Bilingual =
    Bilingual::fixed("a field's name is not a legal string", "字段名不是合法的字符串");
pub(super) static INNER_JSON_CUT: Bilingual =
    Bilingual::fixed("the JSON inside a string is not complete", "字符串内的 JSON 不完整");
pub(super) static ILLEGAL_VALUE: Bilingual =
    Bilingual::fixed("a number, a word or a string is not legal JSON", "数字、字面量或字符串不是合法的 JSON");
pub(super) static NOT_UTF8: Bilingual = Bilingual::fixed(
    "the text is not in UTF-8 but in another encoding, such as GBK",
    "文本不是 UTF-8 编码，而是 GBK 等其他编码",
);
pub(super) static UTF_16: Bilingual =
    Bilingual::fixed("the text is in UTF-16, and must be in UTF-8", "文本是 UTF-16 编码，应为 UTF-8");
pub(super) static ILLEGAL_ESCAPE: Bilingual =
    Bilingual::fixed("a string has an illegal escape", "字符串含非法转义");
pub(super) static HALF_SURROGATE: Bilingual =
    Bilingual::fixed("a string has half a surrogate pair", "字符串含不成对的代理项");
pub(super) static CONTROL_CHARACTER: Bilingual =
    Bilingual::fixed("a string has a raw control character", "字符串含未转义的控制字符");
