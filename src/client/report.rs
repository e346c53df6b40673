//! What a preflight found, as data and as text in both languages.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::protocol::{Bilingual, Error};

/// How serious a finding is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Ok,
    Warning,
    Error,
}

/// One thing that was looked at.
struct Check {
    check: &'static str,
    level: Level,
    message: Bilingual,
    advice: Option<Bilingual>,
}

/// Everything that was looked at, in order.
#[derive(Default)]
pub(super) struct Report {
    checks: Vec<Check>,
}

impl Report {
    /// Notes that something is as it should be.
    pub(super) fn good(
        &mut self,
        check: &'static str,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) {
        self.checks.push(Check { check, level: Level::Ok, message: Bilingual::new(en, zh), advice: None });
    }

    /// Notes that something is odd.
    pub(super) fn warn(&mut self, check: &'static str, message: Bilingual, advice: Bilingual) {
        self.checks.push(Check { check, level: Level::Warning, message, advice: Some(advice) });
    }

    /// Notes what keeps orders from being sent.
    pub(super) fn bad(&mut self, check: &'static str, error: &Error) {
        let mut message = error.message();
        if let Some(field) = error.field_path() {
            message = message.after(field, field);
        }
        self.fail(check, message, error.entry().advice);
    }

    /// Notes the same in words of its own.
    pub(super) fn fail(&mut self, check: &'static str, message: Bilingual, advice: Bilingual) {
        self.checks.push(Check { check, level: Level::Error, message, advice: Some(advice) });
    }

    /// Returns the report document.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "ok": self.checks.iter().all(|check| check.level != Level::Error),
            "checks": self.checks.iter().map(Check::to_json).collect::<Vec<_>>(),
            "text": self.text(Check::line),
            "text_zh": self.text(Check::line_zh),
        })
    }

    fn text(&self, line: fn(&Check) -> String) -> String {
        self.checks.iter().map(line).collect()
    }
}

impl Check {
    fn to_json(&self) -> Value {
        json!({
            "check": self.check,
            "ok": self.level != Level::Error,
            "level": match self.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Error => "error",
            },
            "message": self.message.en,
            "message_zh": self.message.zh,
            "advice": self.advice.as_ref().map(|advice| &advice.en),
            "advice_zh": self.advice.as_ref().map(|advice| &advice.zh),
        })
    }

    fn line(&self) -> String {
        let mark = match self.level {
            Level::Ok => "ok      ",
            Level::Warning => "warning ",
            Level::Error => "ERROR   ",
        };
        let advice =
            self.advice.as_ref().map(|advice| format!("\n        -> {}", advice.en)).unwrap_or_default();
        format!("{mark}{}: {}{advice}\n", self.check, self.message.en)
    }

    fn line_zh(&self) -> String {
        let mark = match self.level {
            Level::Ok => "正常 ",
            Level::Warning => "警告 ",
            Level::Error => "错误 ",
        };
        let advice =
            self.advice.as_ref().map(|advice| format!("\n     -> {}", advice.zh)).unwrap_or_default();
        format!("{mark}{}：{}{advice}\n", self.check, self.message.zh)
    }
}
