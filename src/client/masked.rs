//! A host's own words about its HTTP client, as they may be shown: without a proxy's password, a token's PIN, and an order.

use crate::protocol::answer::printable;

/// What stands in place of a secret.
const MASK: &str = "***";

/// Returns the first line of these words without secrets. A client that quotes the order quotes the TokenID: nothing is left
/// of such words.
pub(super) fn masked(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or_default();
    if line.to_ascii_lowercase().contains("tokenid") {
        return String::new();
    }
    let mut line = without_passwords(line);
    for name in ["pin-value=", "pin-source="] {
        line = without_values(&line, name);
    }
    printable(line.as_bytes())
}

/// Masks what stands before the last `@` of each URL's authority: a password may have one of its own.
fn without_passwords(line: &str) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("//") {
        let (before, authority) = rest.split_at(at + 2);
        shown.push_str(before);
        let end = authority.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(authority.len());
        if let Some(host) = authority[..end].rfind('@') {
            shown.push_str(MASK);
            rest = &authority[host..];
        } else {
            rest = authority;
        }
    }
    shown + rest
}

/// Masks the value of each attribute of a PKCS#11 URI that has this name (RFC 7512).
fn without_values(line: &str, name: &str) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some(at) = rest.to_ascii_lowercase().find(name) {
        let (before, value) = rest.split_at(at + name.len());
        shown.push_str(before);
        shown.push_str(MASK);
        let end = value.find(|c: char| matches!(c, ';' | '&' | '?') || c.is_whitespace());
        rest = &value[end.unwrap_or(value.len())..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_secrets() {
        for (words, shown) in [
            ("no route to host", "no route to host"),
            (" cut\nby the peer", "cut"),
            ("proxy http://u:secret@proxy:1/ and //v:x@y@z", "proxy http://***@proxy:1/ and //***@z"),
            ("//host/a@b // c@d", "//host/a@b // c@d"),
            (
                "pkcs11:token=t;PIN-value=1234;object=o?pin-source=/a&x",
                "pkcs11:token=t;PIN-value=***;object=o?pin-source=***&x",
            ),
            ("sent {\"TokenID\": \"T-1\"}", ""),
            ("////a@//密@码@主机 尾", "////***@//***@主机 尾"),
            ("", ""),
        ] {
            assert_eq!(masked(words), shown, "{words}");
        }
    }
}
