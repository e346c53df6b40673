//! Calls of the control API: plain HTTP to a program of this machine.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::SandboxError;

/// Where the control API listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Host and port.
    address: String,
}

impl Control {
    /// Reads the URL that the program told.
    pub fn new(url: &str) -> Control {
        Control { address: url.trim_start_matches("http://").trim_end_matches('/').to_owned() }
    }

    /// Makes a call, and returns what is answered as JSON; nothing at all is `null`.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, SandboxError> {
        read(path, &self.answer(method, path, body, false)?)
    }

    /// Makes a call that answers when something has happened: in vain it is a timeout.
    pub fn wait(&self, method: &str, path: &str, body: &Value) -> Result<Value, SandboxError> {
        read(path, &self.answer(method, path, body, true)?)
    }

    /// Makes a call, and returns the bytes of the answer.
    pub fn bytes(&self, method: &str, path: &str, body: &Value) -> Result<Vec<u8>, SandboxError> {
        self.answer(method, path, body, false)
    }

    fn answer(&self, method: &str, path: &str, body: &Value, waits: bool) -> Result<Vec<u8>, SandboxError> {
        let (status, answer) = self.exchange(method, path, body).map_err(|problem| broken(path, &problem))?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let said: Value = serde_json::from_slice(&answer).unwrap_or_default();
        let said = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        let en = said("message").unwrap_or_else(|| String::from_utf8_lossy(&answer).into_owned());
        let zh = said("message_zh").unwrap_or_else(|| format!("HTTP {status}"));
        Err(SandboxError::new(en, zh).timeout(waits && matches!(status, 408 | 409)))
    }

    /// HTTP/1.0: the answer is what comes until the connection ends, in one piece.
    fn exchange(&self, method: &str, path: &str, body: &Value) -> std::io::Result<(u16, Vec<u8>)> {
        let mut stream = TcpStream::connect(&self.address)?;
        // Longer than anything that is waited for there.
        stream.set_read_timeout(Some(Duration::from_secs(4000)))?;
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(
            stream,
            "{method} /{path} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let cut = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer is cut");
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(cut)?;
        let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
        answer.drain(..end + 4);
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            value.trim().parse::<usize>().ok().filter(|_| name.eq_ignore_ascii_case("content-length"))
        });
        if length.is_some_and(|length| length != answer.len()) {
            return Err(cut());
        }
        Ok((status, answer))
    }
}

/// Reads what is answered; nothing at all is `null`.
fn read(path: &str, answer: &[u8]) -> Result<Value, SandboxError> {
    if answer.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(answer).map_err(|problem| broken(path, &problem))
}

fn broken(path: &str, problem: &dyn std::fmt::Display) -> SandboxError {
    SandboxError::new(
        format!("the sandbox does not answer at /{path}: {problem}"),
        format!("沙箱没有应答 /{path}：{problem}"),
    )
}

/// Writes a text so that it may stand in a URL.
pub fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn writes_numbers_into_urls() {
        assert_eq!(super::encoded("A-1/合 同?"), "A-1%2F%E5%90%88%20%E5%90%8C%3F");
    }
}
