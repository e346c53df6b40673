//! What the readers of bodies and parameters say is wrong, in words for people of both languages: their sentences are few, and in English.

use wosigndoc::protocol::Bilingual;

/// What stands before a sentence of a reader, and says nothing.
const BEGINNINGS: [&str; 4] = [
    "Failed to parse the request body as JSON: ",
    "Failed to deserialize the JSON body into the target type: ",
    "Failed to deserialize query string: ",
    "Failed to buffer the request body: ",
];

/// What a reader calls by the names of its language, in both of ours.
const NAMES: [(&str, &str, &str); 12] = [
    (" usize", " a number from 0", " 从 0 起的整数"),
    (" u64", " a number from 0", " 从 0 起的整数"),
    (" u32", " a number from 0 to 4294967295", " 从 0 到 4294967295 的整数"),
    (" u16", " a number from 0 to 65535", " 从 0 到 65535 的整数"),
    (" i64", " a whole number", " 整数"),
    (" i32", " a whole number from -2147483648 to 2147483647", " 从 -2147483648 到 2147483647 的整数"),
    (" f64", " a number", " 数字"),
    ("invalid digit found in string", "it is no number of this kind", "不是该处所需的数字"),
    ("cannot parse integer from empty string", "it is empty, and no number", "为空，不是数字"),
    ("cannot parse float from empty string", "it is empty, and no number", "为空，不是数字"),
    ("invalid float literal", "it is no number", "不是数字"),
    ("number too large to fit in target type", "the number is too large", "数字过大"),
];

/// The sentences, longer ones before those that they hold.
const SENTENCES: [(&str, &str); 36] = [
    ("missing field ", "缺少字段 "),
    ("unknown field ", "未知字段 "),
    ("duplicate field ", "字段重复："),
    ("unknown variant ", "未知的值 "),
    ("invalid type: ", "类型不符："),
    ("invalid value: ", "值不符："),
    ("invalid length ", "长度不符："),
    ("invalid escape", "转义不正确"),
    ("invalid unicode code point", "不是有效的 Unicode 字符"),
    ("invalid number", "数字不正确"),
    ("number out of range", "数字超出范围"),
    ("recursion limit exceeded", "嵌套过深"),
    ("length limit exceeded", "长度超过上限"),
    ("control character (\\u0000-\\u001F) found while parsing a string", "字符串中有控制字符"),
    ("key must be a string", "名称须为字符串"),
    ("trailing characters", "末尾有多余的字符"),
    ("trailing comma", "末尾有多余的逗号"),
    ("EOF while parsing a value", "内容不完整，缺少值"),
    ("EOF while parsing a string", "内容不完整，字符串没有结束"),
    ("EOF while parsing an object", "内容不完整，对象没有结束"),
    ("EOF while parsing a list", "内容不完整，数组没有结束"),
    ("expected value", "不是 JSON"),
    ("expected ident", "不是 JSON"),
    (", expected one of ", "，应为以下之一："),
    (", expected ", "，应为"),
    ("expected ", "应有"),
    (" or ", " 或 "),
    ("integer ", "整数 "),
    ("floating point ", "小数 "),
    ("a string", "字符串"),
    ("string ", "字符串 "),
    ("a boolean", "布尔值"),
    ("boolean ", "布尔值 "),
    ("a sequence", "数组"),
    (" at line ", "，第 "),
    (" column ", " 行，第 "),
];

/// Returns what a reader said, in both languages.
pub fn of_reader(said: &str) -> Bilingual {
    let said = BEGINNINGS.iter().find_map(|beginning| said.strip_prefix(beginning)).unwrap_or(said);
    // The name of the field comes first, where there is one.
    let (field, what) = match said.split_once(": ") {
        Some((field, what)) if !field.contains([' ', '`']) => (field, what),
        _ => ("", said),
    };
    let names = |of: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
        outside(what, |text| NAMES.iter().fold(text.to_owned(), |text, name| text.replace(name.0, of(name))))
    };
    let (en, zh) = (names(|name| name.1), names(|name| name.2));
    let mut zh = outside(&zh, |text| {
        SENTENCES.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    });
    if zh.contains(" 行，第 ") {
        zh.push_str(" 列");
    }
    let words = Bilingual::new(en, zh);
    if field.is_empty() { words } else { words.after(field, field) }
}

/// Changes what stands outside of quotation marks: what is inside is the caller's own.
fn outside(text: &str, change: impl Fn(&str) -> String) -> String {
    let (mut said, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(['`', '"']) {
        let (before, quoted) = rest.split_at(start);
        let (quoted, after) = quoted.split_at(end_of(quoted));
        said += &change(before);
        said += quoted;
        rest = after;
    }
    said + &change(rest)
}

/// Returns the length of what begins with a quotation mark. A string's own marks are escaped.
fn end_of(quoted: &str) -> usize {
    let mut letters = quoted.char_indices();
    let mark = letters.next().map(|(_, mark)| mark);
    while let Some((at, letter)) = letters.next() {
        if mark == Some('"') && letter == '\\' {
            letters.next();
        } else if mark == Some(letter) {
            return at + letter.len_utf8();
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_it_in_both_languages() {
        for (said, en, zh) in [
            (
                "Failed to deserialize the JSON body into the target type: times: invalid value: integer `-1`, expected u32 at line 1 \
                 column 28",
                "times: invalid value: integer `-1`, expected a number from 0 to 4294967295 at line 1 column 28",
                "times：值不符：整数 `-1`，应为从 0 到 4294967295 的整数，第 1 行，第 28 列",
            ),
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "limit: it is no number of this kind",
                "limit：不是该处所需的数字",
            ),
            (
                "missing field `at line or column`",
                "missing field `at line or column`",
                "缺少字段 `at line or column`",
            ),
            (
                "unknown field `a\"b`, expected `number` or `timeout`",
                "unknown field `a\"b`, expected `number` or `timeout`",
                "未知字段 `a\"b`，应为`number` 或 `timeout`",
            ),
            (
                r#"invalid type: string "a\" or ` f64", expected f64"#,
                r#"invalid type: string "a\" or ` f64", expected a number"#,
                r#"类型不符：字符串 "a\" or ` f64"，应为数字"#,
            ),
            ("cannot parse float from empty string", "it is empty, and no number", "为空，不是数字"),
            ("something new", "something new", "something new"),
        ] {
            let words = of_reader(said);
            assert_eq!((&*words.en, &*words.zh), (en, zh));
        }
    }
}
