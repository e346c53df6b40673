//! What is said to people: every sentence in English and in Chinese, for both halves.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;

/// A sentence, or words that another one takes in, in both languages. Never holds a secret, an identity number or
/// a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// English.
    pub en: Cow<'static, str>,
    /// Chinese (simplified).
    pub zh: Cow<'static, str>,
}

impl Bilingual {
    /// Makes a sentence of words that are known beforehand, also for constants.
    #[must_use]
    pub const fn fixed(en: &'static str, zh: &'static str) -> Bilingual {
        Bilingual { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
    }

    /// Makes a sentence of words that were put together.
    pub fn new(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Bilingual {
        Bilingual { en: en.into(), zh: zh.into() }
    }

    /// Makes one of words that are the same in every language, such as a path or a number.
    pub fn same(words: impl Display) -> Bilingual {
        let words = words.to_string();
        Bilingual::new(words.clone(), words)
    }

    /// Puts what it is about before it, each language with its own colon: `identity.key: it is encrypted`.
    #[must_use]
    pub fn after(self, en: impl Display, zh: impl Display) -> Bilingual {
        Bilingual::new(format!("{en}: {}", self.en), format!("{zh}：{}", self.zh))
    }
}

/// Said of a value that is no string.
pub const NO_STRING: Bilingual = Bilingual::fixed("must be a string", "应为字符串");
/// Said of a value that is no object.
pub const NO_OBJECT: Bilingual = Bilingual::fixed("must be an object", "应为对象");
/// Said of a text that is not base64.
pub const NO_BASE64: Bilingual =
    Bilingual::fixed("is not base64 (standard alphabet, padded)", "不是 base64（标准字母表，含填充）");
/// Said of a value that is no string of base64.
pub const NO_BASE64_STRING: Bilingual = Bilingual::fixed("must be a string of base64", "应为 base64 字符串");
/// Said of a field that a body has twice.
pub const GIVEN_TWICE: Bilingual = Bilingual::fixed("is given twice", "重复给出");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_colon() {
        const KEY: Bilingual = Bilingual::fixed("it is encrypted", "已加密");
        let about = KEY.after("key", "私钥");
        assert_eq!((&*about.en, &*about.zh), ("key: it is encrypted", "私钥：已加密"));
        assert_eq!(Bilingual::same(7).after("n", "n"), Bilingual::new("n: 7", "n：7"));
    }
}
