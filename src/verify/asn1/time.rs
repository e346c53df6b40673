//! Times, as certificates, tokens and PDFs write them.

use super::{Element, GENERALIZED_TIME, UTC_TIME};

/// Seconds since 1970, in UTC.
pub(crate) type Timed = i64;

/// Reads a time of either form.
pub(crate) fn time(element: &Element<'_>) -> Option<Timed> {
    match element.tag {
        UTC_TIME => utc(element.content),
        GENERALIZED_TIME => generalized(element.content),
        _ => None,
    }
}

/// Reads `YYMMDDhhmm[ss]Z`: the years from 1950 to 2049.
pub(crate) fn utc(text: &[u8]) -> Option<Timed> {
    let mut digits = Digits(text);
    let year = digits.take(2)?;
    from(if year < 50 { 2000 + year } else { 1900 + year }, digits, true)
}

/// Reads `YYYYMMDDhhmm[ss[.f…]]Z`.
pub(crate) fn generalized(text: &[u8]) -> Option<Timed> {
    let mut digits = Digits(text);
    from(digits.take(4)?, digits, true)
}

/// Reads a PDF's date: `D:YYYY[MM[DD[hh[mm[ss]]]]]` and the distance from UTC; a time without one is taken for UTC.
pub(crate) fn pdf_date(text: &str) -> Option<Timed> {
    let text = text.trim();
    let mut digits = Digits(text.strip_prefix("D:").unwrap_or(text).as_bytes());
    from(digits.take(4)?, digits, false)
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// Takes so many digits, or none.
    fn take(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = digits
            .iter()
            .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))?;
        self.0 = rest;
        Some(number)
    }
}

fn from(year: i64, mut digits: Digits<'_>, minutes_needed: bool) -> Option<Timed> {
    let mut part = |least: i64, most: i64, needed: bool| match digits.take(2) {
        Some(number) => (least..=most).contains(&number).then_some(number),
        None => (!needed).then_some(least),
    };
    let needed = minutes_needed;
    let (month, day) = (part(1, 12, needed)?, part(1, 31, needed)?);
    let (hour, minute, second) = (part(0, 23, needed)?, part(0, 59, needed)?, part(0, 60, false)?);
    let offset = offset(digits.0, minutes_needed)?;
    Some(days_of(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// Reads a fraction, which is left out, and the distance from UTC in seconds.
fn offset(rest: &[u8], is_needed: bool) -> Option<i64> {
    let fraction = match rest.first() {
        Some(b'.' | b',') => 1 + rest.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let (sign, rest) = match rest.get(fraction..)?.split_first() {
        None => return (!is_needed).then_some(0),
        Some((b'Z', _)) => return Some(0),
        Some((b'+', rest)) => (1, rest),
        Some((b'-', rest)) => (-1, rest),
        Some(_) => return (!is_needed).then_some(0),
    };
    let mut digits = Digits(rest);
    let hours = digits.take(2)?;
    digits.0 = digits.0.strip_prefix(b"'").unwrap_or(digits.0);
    let minutes = digits.take(2).unwrap_or(0);
    Some(sign * (hours * 3600 + minutes * 60))
}

/// Counts the days since 1970 in the Gregorian calendar.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::rfc3339;

    /// The reverse of [`days_of`].
    fn date_of(days: i64) -> (i64, i64, i64) {
        let days = days.saturating_add(719_468);
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, late) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        (year + era * 400 + late, month, day)
    }

    #[test]
    fn reads_and_writes_times() {
        for (found, expected) in [
            (utc(b"181130075959Z"), "2018-11-30T07:59:59Z"),
            (utc(b"5001010000Z"), "1950-01-01T00:00:00Z"),
            (utc(b"260101010000+0800"), "2025-12-31T17:00:00Z"),
            (generalized(b"20500229000000.123Z"), "2050-03-01T00:00:00Z"),
            (generalized(b"99991231235959Z"), "9999-12-31T23:59:59Z"),
            (pdf_date("D:20181130155959+08'00'"), "2018-11-30T07:59:59Z"),
            (pdf_date("D:20181130155959+08'00"), "2018-11-30T07:59:59Z"),
            (pdf_date("D:20000229Z"), "2000-02-29T00:00:00Z"),
            (pdf_date("2000"), "2000-01-01T00:00:00Z"),
        ] {
            assert_eq!(found.map(rfc3339).as_deref(), Some(expected));
        }
        for wrong in [&b""[..], b"18113007", b"181330075959Z", b"1811300759x9Z", b"181130075959"] {
            assert_eq!(utc(wrong), None, "{wrong:?}");
        }
        for days in (-800_000..3_000_000).step_by(997) {
            let (year, month, day) = date_of(days);
            assert_eq!(days_of(year, month, day), days);
        }
    }
}
