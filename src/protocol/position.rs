//! Where a seal goes on a page: four fractions.

use std::fmt;

use super::bilingual::Bilingual;

/// A rectangle on the page as displayed: fractions of its width and height from the lower left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Left edge, fraction of the width.
    pub left: f64,
    /// Lower edge, fraction of the height.
    pub bottom: f64,
    /// Right edge, fraction of the width.
    pub right: f64,
    /// Upper edge, fraction of the height.
    pub top: f64,
}

/// One unit of the last decimal that is sent.
const STEPS: f64 = 10_000.0;

impl Position {
    /// Reads `left,bottom,right,top`; blanks around the numbers are allowed. `None` unless they are
    /// four plain decimal numbers with `.` as separator.
    #[must_use]
    pub fn parse(text: &str) -> Option<Position> {
        let mut numbers = text.split(',').map(|part| plain_decimal(part.trim()));
        let mut next = || numbers.next().flatten();
        let position = Position { left: next()?, bottom: next()?, right: next()?, top: next()? };
        numbers.next().is_none().then_some(position)
    }

    /// Returns the position as it is sent: rounded to four decimals.
    #[must_use]
    pub fn rounded(self) -> Position {
        let round = |value: f64| (value * STEPS).round() / STEPS;
        Position {
            left: round(self.left),
            bottom: round(self.bottom),
            right: round(self.right),
            top: round(self.top),
        }
    }

    /// Says what is wrong with it; `None` when it is a place on a page.
    #[must_use]
    pub fn fault(self) -> Option<Bilingual> {
        let Position { left, bottom, right, top } = self.rounded();
        let edges = [left, bottom, right, top];
        if edges.iter().any(|edge| edge.is_nan()) {
            return Some(Bilingual::fixed(
                "must be four decimal fractions, \"left,bottom,right,top\", such as 0.30,0.57,0.46,0.69",
                "应为四个小数 \"left,bottom,right,top\"（左、下、右、上），例如 0.30,0.57,0.46,0.69",
            ));
        }
        if edges.iter().any(|edge| !(0.0..=1.0).contains(edge)) {
            return Some(Bilingual::fixed(
                "every number must be a fraction of the page from 0 to 1",
                "每个数都应是页面的比例，介于 0 和 1 之间",
            ));
        }
        if left >= right {
            return Some(Bilingual::fixed("left must be smaller than right", "左边必须小于右边"));
        }
        (bottom >= top).then_some(Bilingual::fixed(
            "bottom must be smaller than top (the origin is the lower left corner)",
            "下边必须小于上边（原点在左下角）",
        ))
    }
}

impl fmt::Display for Position {
    /// Writes it as it is sent: `.` as separator, at most four decimals, no blanks, in every locale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { left, bottom, right, top } = self.rounded();
        // Adding 0.0 turns a negative zero into zero.
        write!(f, "{},{},{},{}", left + 0.0, bottom + 0.0, right + 0.0, top + 0.0)
    }
}

/// Reads a number of digits with at most one dot: no exponent, no `inf`, no thousands separator.
fn plain_decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.len() <= 32;
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-14: both spellings of the document's example, and the four decimals that are sent.
    #[test]
    fn reads_both_spellings_and_writes_one() {
        for (text, sent) in [
            ("0.30,0.57,0.46,0.69", "0.3,0.57,0.46,0.69"),
            ("0.65, 0.47, 0.82, 0.59", "0.65,0.47,0.82,0.59"),
            ("0.123456,0,1,.99996", "0.1235,0,1,1"),
        ] {
            let position = Position::parse(text).unwrap_or_else(|| panic!("{text} not read"));
            assert_eq!(position.to_string(), sent);
            assert_eq!(position.fault(), None, "{text}");
        }
    }

    /// Covers P-14: what is no position.
    #[test]
    fn refuses_what_is_no_position() {
        for text in [
            "",
            "0.1,0.2,0.3",
            "0.1,0.2,0.3,0.4,0.5",
            "0,1;0,2;0,3;0,4",
            "1e-1,0,1,1",
            "nan,0,1,1",
            "a,b,c,d",
            ".,.,.,.",
        ] {
            assert_eq!(Position::parse(text), None, "{text}");
        }
        for text in
            ["0.5,0,0.5,1", "0.6,0,0.5,1", "0,0.5,1,0.4", "-0.1,0,1,1", "0,0,1.01,1", "0.50001,0,0.50002,1"]
        {
            assert!(Position::parse(text).and_then(Position::fault).is_some(), "{text}");
        }
    }
}
