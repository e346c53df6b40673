//! Which scripts of a form do nothing but format, check and calculate its own fields.

/// Acrobat's own functions for fields: they read and write the form's fields and nothing else.
const FIELD_FUNCTIONS: [&str; 18] = [
    "AFDate_Format",
    "AFDate_FormatEx",
    "AFDate_Keystroke",
    "AFDate_KeystrokeEx",
    "AFExtractNums",
    "AFMakeNumber",
    "AFNumber_Format",
    "AFNumber_Keystroke",
    "AFPercent_Format",
    "AFPercent_Keystroke",
    "AFRange_Validate",
    "AFSimple_Calculate",
    "AFSpecial_Format",
    "AFSpecial_Keystroke",
    "AFSpecial_KeystrokeEx",
    "AFTime_Format",
    "AFTime_FormatEx",
    "AFTime_Keystroke",
];
/// Deepest nesting of lists that is read.
const MAX_DEPTH: usize = 8;

/// Says whether a script only calls Acrobat's functions for fields, with literals as arguments.
pub fn only_formats(script: &str) -> bool {
    let mut reader = Reader { rest: script };
    loop {
        while reader.take(";") {}
        if reader.is_at_end() {
            return true;
        }
        let name = reader.word();
        if !FIELD_FUNCTIONS.contains(&name) || !reader.take("(") || !reader.list(")", 0) {
            return false;
        }
    }
}

/// Whether an address is a script that does something: `javascript:void(0)` and the like stand where a link has none.
pub fn is_script_address(address: &str) -> bool {
    let plain: String =
        address.chars().filter(|character| !character.is_whitespace() && !character.is_control()).collect();
    let plain = plain.to_ascii_lowercase();
    let Some(script) = plain.strip_prefix("javascript:").or_else(|| plain.strip_prefix("vbscript:")) else {
        return false;
    };
    !matches!(script.trim_end_matches(';'), "" | "void(0)" | "void0" | "void(null)" | "#")
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Passes blanks and comments. One that has no end leaves something behind that is no literal.
    fn skip(&mut self) {
        loop {
            self.rest = self
                .rest
                .trim_start_matches([' ', '\t', '\r', '\n', '\u{b}', '\u{c}', '\u{a0}', '\u{feff}', '\0']);
            let end = if self.rest.starts_with("//") {
                let line_ends = ['\r', '\n', '\u{2028}', '\u{2029}'];
                self.rest.find(line_ends).or(Some(self.rest.len()))
            } else if self.rest.starts_with("/*") {
                self.rest.get(2..).and_then(|rest| rest.find("*/")).map(|end| end + 4)
            } else {
                None
            };
            match end.and_then(|end| self.rest.get(end..)) {
                Some(rest) => self.rest = rest,
                None => return,
            }
        }
    }

    fn is_at_end(&mut self) -> bool {
        self.skip();
        self.rest.is_empty()
    }

    fn take(&mut self, text: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self) -> &'a str {
        self.skip();
        let part_of_word =
            |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '\\' | '.');
        let end = self.rest.find(|character| !part_of_word(character)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Reads literals with commas between them up to this end.
    fn list(&mut self, end: &str, depth: usize) -> bool {
        if self.take(end) {
            return true;
        }
        while depth < MAX_DEPTH && self.literal(depth) {
            if self.take(end) {
                return true;
            }
            if !self.take(",") {
                return false;
            }
        }
        false
    }

    fn literal(&mut self, depth: usize) -> bool {
        if self.take("[") {
            return self.list("]", depth + 1);
        }
        for quote in ["\"", "'"] {
            if self.take(quote) {
                return self.text(quote);
            }
        }
        while self.take("-") || self.take("+") {}
        match self.word() {
            "true" | "false" | "null" => true,
            "new" => self.word() == "Array" && self.take("(") && self.list(")", depth + 1),
            number => {
                number.starts_with(|first: char| first.is_ascii_digit() || first == '.')
                    && number.parse::<f64>().is_ok()
            }
        }
    }

    /// Passes the rest of a string.
    fn text(&mut self, quote: &str) -> bool {
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => drop(characters.next()),
                '\r' | '\n' | '\u{2028}' | '\u{2029}' => return false,
                _ if quote.starts_with(character) => {
                    self.rest = self.rest.get(at + 1..).unwrap_or_default();
                    return true;
                }
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_only_formats() {
        for script in [
            "",
            " ; /* nothing */ ; // at all",
            "AFNumber_Format(2, 0, 0, 0, \"\", true);",
            "AFNumber_Keystroke(2,0,0,0,'\u{a5} ',true)\r",
            "AFDate_FormatEx(\"dd.mm.yyyy\"); AFDate_KeystrokeEx(\"it's\");",
            "AFSimple_Calculate(\"SUM\", new Array (\"a.b\", \"c\\\"d\"));",
            "AFSimple_Calculate('PRD', ['a', ['b']]); /* end */",
            "AFRange_Validate(true, -1.5, false, +.5);",
            "AFSpecial_Format(0)\nAFSpecial_Keystroke(0)",
        ] {
            assert!(only_formats(script), "{script}");
        }
    }

    #[test]
    fn knows_what_does_more() {
        for script in [
            "app.alert(1)",
            "AFNumber_Format(2, 0, 0, 0, \"\", true); app.launchURL('x')",
            "AFNumber_Format(app.alert(1))",
            "AFNumber_Format((function(){})())",
            "AFNumber_Format(2) + app.alert(1)",
            "AFNumber_Format.call(this)",
            "AFNumber_Format[0]",
            "AFNumber_Format = app.alert",
            "AFNumber_Format(\"a\" + this.x)",
            "AFNumber_Format(\"a\nb\")",
            "AFNumber_Format(\"a",
            "AFNumber_Format(1",
            "AFNumber_Format(1,)",
            "AFNumber_Format(`${app.alert(1)}`)",
            "AFNumber_Format(new Function('x'))",
            "AFUnknown(1)",
            "xAFNumber_Format(1)",
            "//\u{2028}app.alert(1)",
            "/* AFNumber_Format(1) ",
            "<!-- app.alert(1)",
            "event.value = 1;",
            "AFNumber_Format\\u0028(1)",
            "AFNumber_Format([[[[[[[[[[1]]]]]]]]]])",
        ] {
            assert!(!only_formats(script), "{script}");
        }
    }

    #[test]
    fn knows_addresses_that_do_nothing() {
        for address in [
            "javascript:void(0)",
            "JavaScript: void(0);",
            "javascript:;",
            "javascript:",
            "javascript:void 0",
            "https://a/javascript:x",
        ] {
            assert!(!is_script_address(address), "{address}");
        }
        for address in [
            "javascript:alert(1)",
            " JAVA\tscript:void(0);alert(1)",
            "javascript:void(alert(1))",
            "vbscript:x",
        ] {
            assert!(is_script_address(address), "{address}");
        }
    }
}
