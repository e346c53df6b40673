//! JSON of others with a value that no reader of ours can hold: a number beyond every range, half a surrogate pair, text
//! in another encoding. Where nobody reads the field it must not keep the rest out (P-6); where somebody does, it is named.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::bilingual::{Bilingual, GIVEN_TWICE};
use super::json;

/// The name in an object that stands for a value which cannot be held; no protocol has such a field.
const MARK: &str = "\0";

/// Reads one JSON value as [`json::parse`] does. A number beyond every range becomes the text of its digits; a text that
/// cannot be held, and what a name stands twice for, become a mark, see [`fault`].
pub(crate) fn parse(text: &[u8]) -> serde_json::Result<Value> {
    json::parse(text).or_else(|error| {
        let mended = mend(json::without_mark(text));
        if mended.is_none() && !error.is_data() {
            return Err(error);
        }
        // Beyond a name that stands twice there may be what is no JSON.
        let again = json::parse_twice(mended.as_deref().unwrap_or(text));
        again.map_err(|beyond| if error.is_data() { beyond } else { error })
    })
}

/// Returns the mark of a name that stands twice, with different values.
pub(super) fn twice() -> Value {
    serde_json::json!({MARK: "twice"})
}

/// Returns what is wrong with a text that could not be held; `None` for every other value.
pub(crate) fn fault(value: &Value) -> Option<Bilingual> {
    Some(match value.get(MARK)?.as_str()? {
        "twice" => GIVEN_TWICE,
        "half" => Bilingual::fixed("holds half a surrogate pair", "含不成对的代理项"),
        "gbk" => Bilingual::fixed("is not in UTF-8 but, as it looks, in GBK", "不是 UTF-8 编码，看似 GBK"),
        _ => Bilingual::fixed("is not in UTF-8", "不是 UTF-8 编码"),
    })
}

/// Reads a field's name, with its quotes; one that cannot be held is no name of the protocol, and comes empty. `None` when
/// it is not legal.
pub(super) fn name(token: &[u8]) -> Option<String> {
    let held = serde_json::from_slice(token).ok();
    held.or_else(|| kind_of_fault(token).map(|_| String::new()))
}

/// Tells whether bytes that are not UTF-8 stand in a text; one that was cut within a character has none.
pub(super) fn is_foreign(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_err_and(|error| error.error_len().is_some())
}

/// Tells whether a text begins as one in UTF-16 does: with its mark, or with a character of ASCII beside the zero that makes
/// two bytes of it.
pub(super) fn is_utf16(text: &[u8]) -> bool {
    matches!(text, [0xff | 0xfe, ..] | [0, _, ..] | [_, 0, ..])
}

/// Replaces what cannot be held; `None` when there is nothing of the kind.
fn mend(text: &[u8]) -> Option<Vec<u8>> {
    let (mut mended, mut rest) = (Vec::new(), text);
    let mut changed = false;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => end_of_text(rest)?,
            b'-' | b'0'..=b'9' => rest
                .iter()
                .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
                .count(),
            _ => 1,
        };
        let (token, after) = rest.split_at(length);
        let replaced = match first {
            b'"' => kind_of_fault(token).map(|kind| match after.trim_ascii_start().first() {
                // Names stay apart, and are none of the protocol's.
                Some(b':') => format!("\"\\u0000{}\"", super::hex::encode(token)),
                _ => format!("{{\"\\u0000\":\"{kind}\"}}"),
            }),
            b'-' | b'0'..=b'9' if after.trim_ascii_start().first() != Some(&b':') => {
                beyond_range(token).map(|digits| format!("\"{digits}\""))
            }
            _ => None,
        };
        changed |= replaced.is_some();
        mended.extend_from_slice(replaced.as_deref().map_or(token, str::as_bytes));
        rest = after;
    }
    changed.then_some(mended)
}

/// Returns where a text ends.
fn end_of_text(text: &[u8]) -> Option<usize> {
    let (mut at, mut pairs) = (1, Pairs::default());
    loop {
        at += match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if !pairs.end_with(text.get(1..=at)?) => 2,
            _ => 1,
        };
    }
}

/// Walks through one text to tell its escapes: in GBK and its like a character's second byte may be a backslash.
#[derive(Default)]
pub(super) struct Pairs {
    /// So much was looked at; a whole character ends there, or a backslash that is a character's second byte.
    seen: usize,
    foreign: bool,
}

impl Pairs {
    /// Tells whether the backslash that this beginning of the text ends with is a character's second byte. It is asked
    /// at each backslash, and looks at no byte twice, but for those before the first that is not UTF-8.
    pub(super) fn end_with(&mut self, text: &[u8]) -> bool {
        const FIRST: std::ops::RangeInclusive<u8> = 0x81..=0xfe;
        let before = text.split_last().map_or(text, |(_, before)| before);
        if !before.last().is_some_and(|byte| FIRST.contains(byte)) {
            return false;
        }
        if !self.foreign {
            if before.get(self.seen..).is_some_and(|more| std::str::from_utf8(more).is_ok()) {
                self.seen = before.len();
                return false;
            }
            (self.foreign, self.seen) = (true, 0);
        }
        while let Some(byte) = before.get(self.seen) {
            let pair = FIRST.contains(byte) && before.get(self.seen + 1).is_none_or(|second| *second >= 0x40);
            self.seen += 1 + usize::from(pair);
        }
        self.seen > before.len()
    }
}

fn kind_of_fault(token: &[u8]) -> Option<&'static str> {
    if is_foreign(token) {
        return Some(if is_gbk(token) { "gbk" } else { "bytes" });
    }
    let legal = serde_json::from_slice::<IgnoredAny>(token).is_ok();
    (legal && serde_json::from_slice::<String>(token).is_err()).then_some("half")
}

/// Tells whether everything beyond ASCII comes in the pairs of GBK.
fn is_gbk(mut text: &[u8]) -> bool {
    loop {
        text = match text {
            [] => return true,
            [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, rest @ ..] | [0..=0x7f, rest @ ..] => rest,
            _ => return false,
        };
    }
}

fn beyond_range(token: &[u8]) -> Option<&str> {
    let digits = std::str::from_utf8(token).ok()?;
    let legal = serde_json::from_slice::<IgnoredAny>(token).is_ok();
    (legal && digits.parse::<f64>().is_ok_and(f64::is_infinite)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn holds_what_it_can() {
        let digits = "9".repeat(400);
        for (text, value) in [
            (r#"{"a":1e999,"b":-1E+999}"#.to_owned(), json!({"a": "1e999", "b": "-1E+999"})),
            (format!("[{digits},-{digits}.5]"), json!([digits, format!("-{digits}.5")])),
            (r#"["x\\1e999","1e999"]"#.to_owned(), json!(["x\\1e999", "1e999"])),
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap(), value);
        }
        let marked =
            parse(br#"{"a":"\ud800","b":"\\ud800","\udc00":1,"\udc01":2,"c":"\ud83d\ude00"}"#).unwrap();
        assert!(fault(&marked["a"]).unwrap().en.contains("surrogate"));
        assert_eq!(
            (&marked["b"], &marked["c"], marked.as_object().unwrap().len()),
            (&json!("\\ud800"), &json!("😀"), 5)
        );
        for bad in
            ["1e999e", "01e999", "{\"a\":+1e999}", "[1e999", "\"\\ud80\"", "\"\\ud800\n\"", "{1e999:1}"]
        {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    /// Text in GBK, one character of which ends in a backslash, is passed over and named.
    #[test]
    fn names_an_encoding() {
        let gbk = [&b"{\"message\":\"\xd3\xe0\xb6\xee\xd5\\\",\"code\":-68,\"\xd3\xe0\":1}"[..]].concat();
        let value = parse(&gbk).unwrap();
        assert_eq!(value["code"], -68);
        let fault = fault(&value["message"]).unwrap();
        assert!(fault.en.contains("GBK") && fault.zh.contains("GBK"));
        assert!(super::fault(&parse(b"[\"\xff\"]").unwrap()[0]).unwrap().en.ends_with("UTF-8"));
        assert!(!is_foreign(b"\xe4\xbd"), "cut, not foreign");
    }
}
