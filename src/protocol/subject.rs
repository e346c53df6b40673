//! The subject's length limit: 256 UTF-16 code units, cut between graphemes, ended by `…`.

use unicode_segmentation::UnicodeSegmentation;

/// Longest subject, in UTF-16 code units: what the platform's own stack counts.
pub const MAX_UNITS: usize = 256;

/// Returns the subject cut to the limit, or `None` when it fits as it is.
#[must_use]
pub fn cut(subject: &str) -> Option<String> {
    if units(subject) <= MAX_UNITS {
        return None;
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in subject.graphemes(true) {
        used += units(grapheme);
        if used > MAX_UNITS - 1 {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.push('…');
    Some(kept)
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-10: counted in UTF-16 units, never splitting a grapheme, `…` included in the 256.
    #[test]
    fn cuts_between_graphemes() {
        assert_eq!(cut(&"合".repeat(256)), None);
        let cut_chinese = cut(&"合".repeat(257)).unwrap_or_default();
        assert_eq!(cut_chinese, format!("{}…", "合".repeat(255)));
        // A family emoji is one grapheme of 8 units: 31 of them are 248, the 32nd would pass 255.
        let family = "👨‍👩‍👧";
        let cut_family = cut(&family.repeat(40)).unwrap_or_default();
        assert_eq!(cut_family, format!("{}…", family.repeat(31)));
        assert_eq!(cut(&format!("{}e\u{301}x", "a".repeat(254))), Some(format!("{}…", "a".repeat(254))));
    }
}
