//! Check digits of Chinese identity and licence numbers. They give warnings, never errors.

/// Tells whether a number is an 18-digit identity card number whose check character is right (GB 11643, mod 11-2).
#[must_use]
pub fn identity_card(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let Some((body, check)) = split_check(number, 18) else { return false };
    let Some(sum) = weighted(body, WEIGHTS.into_iter(), |c| c.to_digit(10)) else { return false };
    CHECKS.get((sum % 11) as usize) == Some(&check)
}

/// Tells whether a number is a licence number whose check character is right: an 18-character unified social credit code
/// (GB 32100, mod 31) or the older 15-digit number (mod 11,10).
#[must_use]
pub fn licence(number: &str) -> bool {
    match number.len() {
        18 => credit_code(number),
        15 => registration_number(number),
        _ => false,
    }
}

fn credit_code(code: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: char| ALPHABET.find(c).and_then(|at| u32::try_from(at).ok());
    // Powers of 3 modulo 31.
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % 31));
    let Some((body, check)) = split_check(code, 18) else { return false };
    let Some(sum) = weighted(body, weights, value) else { return false };
    value(check) == Some((31 - sum % 31) % 31)
}

fn registration_number(number: &str) -> bool {
    let mut carried = 10;
    for (at, c) in number.chars().enumerate() {
        let Some(digit) = c.to_digit(10) else { return false };
        let sum = (carried + digit) % 10;
        if at == 14 {
            return sum == 1;
        }
        carried = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    false
}

/// Returns the number without its last character, and that character in upper case.
fn split_check(number: &str, length: usize) -> Option<(&str, char)> {
    let (at, check) = number.char_indices().next_back()?;
    (number.chars().count() == length).then(|| (&number[..at], check.to_ascii_uppercase()))
}

fn weighted(
    body: &str,
    weights: impl Iterator<Item = u32>,
    value: impl Fn(char) -> Option<u32>,
) -> Option<u32> {
    body.chars().zip(weights).map(|(c, weight)| value(c.to_ascii_uppercase()).map(|v| v * weight)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-17: known good numbers pass, one changed character does not.
    #[test]
    fn check_characters() {
        for good in ["11010519491231002X", "11010519491231002x", "440524188001010014"] {
            assert!(identity_card(good), "{good}");
        }
        for bad in [
            "110105194912310021",
            "212125668686868888",
            "11010519491231002",
            "",
            "一二三四五六七八九十一二三四五六七八",
        ] {
            assert!(!identity_card(bad), "{bad}");
        }
        for good in ["91350100M000100Y43", "440301103308619", "110108000000016"] {
            assert!(licence(good), "{good}");
        }
        for bad in [
            "91350100M000100Y44",
            "91350100I000100Y43",
            "440301103308618",
            "4403011033086190",
            "",
            "44030110330861一",
        ] {
            assert!(!licence(bad), "{bad}");
        }
    }
}
