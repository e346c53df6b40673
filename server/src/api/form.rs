//! The JSON inside an `application/x-www-form-urlencoded` body (P-5), found and decoded piece by piece.
//!
//! Integrations in the field send it in every shape: as the whole body or as the value of a field, bare
//! or URL-encoded. Bare JSON is passed on as it is: a `+` in its base64 is no blank.

use wosigndoc::protocol::hex;

/// A reader that finds the JSON in a form.
#[derive(Debug)]
pub struct Form {
    state: State,
    /// Bytes whose meaning depends on those that follow.
    held: Vec<u8>,
    nesting: Nesting,
}

/// How deep in bare JSON the reader is.
#[derive(Debug, Default)]
struct Nesting {
    depth: usize,
    text: bool,
    escaped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the beginning of the body or of a field's value: JSON may begin here.
    Start { value: bool },
    /// In a field's name.
    Name,
    /// In a value that is not the JSON.
    Skip,
    /// In bare JSON.
    Bare,
    /// In URL-encoded JSON.
    Encoded,
    /// Behind the JSON.
    End,
}

impl Form {
    /// Makes a reader that stands at the beginning of a body.
    pub fn new() -> Form {
        Form { state: State::Start { value: false }, held: Vec::new(), nesting: Nesting::default() }
    }

    /// Takes the next piece of the body, and appends what it holds of the JSON.
    pub fn feed(&mut self, piece: &[u8], json: &mut Vec<u8>) {
        let mut rest = piece;
        while let Some((&byte, after)) = rest.split_first() {
            match self.state {
                State::Bare => {
                    let end = rest.iter().position(|byte| self.nesting.ended_before(*byte));
                    json.extend_from_slice(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
                    if end.is_some() {
                        self.state = State::End;
                    }
                    return;
                }
                State::End => return,
                State::Encoded => self.encoded(byte, json),
                State::Start { value } => self.start(byte, value, json),
                State::Name if byte == b'=' => self.state = State::Start { value: true },
                State::Skip if byte == b'&' => self.state = State::Name,
                State::Name | State::Skip => {}
            }
            rest = after;
        }
    }

    /// Decides whether JSON begins here, as soon as the bytes tell.
    fn start(&mut self, byte: u8, value: bool, json: &mut Vec<u8>) {
        let blank = byte.is_ascii_whitespace() || matches!(byte, 0xEF | 0xBB | 0xBF);
        if self.held.is_empty() && blank {
            return;
        }
        self.held.push(byte);
        let next = match self.held.as_slice() {
            // What follows the brace tells bare JSON from encoded JSON whose braces were left alone.
            [b'{', b'%' | b'+', ..] => State::Encoded,
            [b'{', _, ..] => State::Bare,
            [b'%', a, b, ..] => match hex::byte(*a, *b) {
                Some(b'{' | b' ' | b'\r' | b'\n' | b'\t' | 0xEF) => State::Encoded,
                _ => not_here(value),
            },
            [b'{'] | [b'%'] | [b'%', _] => return,
            _ => not_here(value),
        };
        self.state = next;
        let held = std::mem::take(&mut self.held);
        // What was held back is read again, in the state it led to.
        self.feed(&held, json);
    }

    fn encoded(&mut self, byte: u8, json: &mut Vec<u8>) {
        match (self.held.as_slice(), byte) {
            ([], b'%') => self.held.push(byte),
            ([], b'+') => json.push(b' '),
            ([], b'&') => self.state = State::End,
            ([], _) => json.push(byte),
            ([_], _) => self.held.push(byte),
            ([_, first, ..], _) => {
                match hex::byte(*first, byte) {
                    Some(decoded) => json.push(decoded),
                    // No escape: passed on, for the reader to stumble over.
                    None => json.extend_from_slice(&[b'%', *first, byte]),
                }
                self.held.clear();
            }
        }
    }
}

impl Nesting {
    /// Takes the next byte. Returns whether the outer brace is closed and this byte leads to the next field; anything else
    /// behind the brace is left for the reader to stumble over.
    fn ended_before(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.text => self.escaped = true,
            b'"' => self.text = !self.text,
            _ if self.text => {}
            b'{' => self.depth += 1,
            b'}' => self.depth = self.depth.saturating_sub(1),
            b'&' => return self.depth == 0,
            _ => {}
        }
        false
    }
}

fn not_here(value: bool) -> State {
    if value { State::Skip } else { State::Name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(body: &[u8], piece: usize) -> String {
        let mut form = Form::new();
        let mut json = Vec::new();
        for piece in body.chunks(piece) {
            form.feed(piece, &mut json);
        }
        String::from_utf8(json).unwrap()
    }

    /// Covers P-5: bare or URL-encoded, as the body or as a field's value, in pieces of any size.
    #[test]
    fn finds_the_json_in_every_shape() {
        const JSON: &str = r#"{"a":"+/&=%41","b":"合 同"}"#;
        let encode = |text: &str, braces: bool| -> String {
            let mut coded = String::new();
            for byte in text.bytes() {
                match byte {
                    b' ' => coded.push('+'),
                    b'{' | b'}' if !braces => coded.push(char::from(byte)),
                    _ if byte.is_ascii_alphanumeric() => coded.push(char::from(byte)),
                    _ => coded.push_str(&format!("%{byte:02X}")),
                }
            }
            coded
        };
        for body in [
            JSON.to_owned(),
            format!("\u{feff}{JSON}"),
            format!("  {JSON}"),
            format!("data={JSON}"),
            format!("v=1&%64ata={JSON}"),
            encode(JSON, true),
            encode(JSON, false),
            format!("json={}&sign=0", encode(JSON, true)),
            format!("v=%31&w=&json={}", encode(JSON, true)),
        ] {
            for piece in [1, 2, 3, 7, body.len()] {
                assert_eq!(json_of(body.as_bytes(), piece), JSON, "{body} in pieces of {piece}");
            }
        }
        // Bare JSON ends with its outer brace; what a text holds is no brace, and a stray byte stays its fault.
        for (body, expected) in [
            (r#"json={"a":{"b":"}\\\"}&{"}}&sign=1"#, r#"{"a":{"b":"}\\\"}&{"}}"#),
            ("{\"a\":{}}\r\n&sign={}", "{\"a\":{}}\r\n"),
            (r#"{"a":&}&x=1"#, r#"{"a":&}"#),
            (r#"{"a":1}x&y=1"#, r#"{"a":1}x"#),
        ] {
            for piece in [1, 2, 3, 7, body.len()] {
                assert_eq!(json_of(body.as_bytes(), piece), expected, "{body} in pieces of {piece}");
            }
        }
        for body in ["", "a=1&b=2", "%", "{", "a=%7", "a"] {
            assert_eq!(json_of(body.as_bytes(), 1), "", "{body}");
        }
    }
}
