//! Numbers, in the ways in which writers write them.

use super::value::Value;

/// The largest whole number that all readers take for the same: others lose bits of a larger one, or cap it.
pub const MAX_WHOLE: u64 = i32::MAX as u64;
/// The longest number that is read, in digits.
const MAX_DIGITS: usize = 64;

/// Says whether a byte may stand in a number.
pub fn is_numeric(byte: u8) -> bool {
    matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9')
}

/// Says whether a whole number that is not negative is written in digits alone, as all readers read it.
pub fn is_in_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Reads a number, and says whether readers may take it for different ones; a sign in the wrong place, as some writers leave
/// one, ends it.
pub fn read(text: &[u8]) -> Option<(Value, bool)> {
    let number = parse(std::str::from_utf8(text).ok()?)?;
    let is_real = text.contains(&b'.');
    let has_stray_sign = text.iter().skip(1).any(|byte| matches!(byte, b'-' | b'+'));
    let is_odd = has_stray_sign || (!is_real && number.abs() > MAX_WHOLE as f64);
    Some((if is_real { Value::Real(number) } else { Value::Number(number) }, is_odd))
}

fn parse(text: &str) -> Option<f64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let sign = text.len() - text.trim_start_matches('-').len();
    let (minus, digits) = text.split_at(sign);
    let digits = digits.split(['-', '+']).next().unwrap_or_default();
    if digits.is_empty() || digits == "." || digits.len() > MAX_DIGITS {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    Some(if minus.is_empty() { value } else { -value })
}
