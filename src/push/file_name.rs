//! Names that a file cannot have on Windows. Some of them fail late, and some not at all: what is written to `A:1.pdf`
//! goes into a hidden part of a file `A`, and to `NUL.pdf` nowhere. An order's number may be one of these.

use std::path::Path;

use crate::protocol::bilingual::Bilingual;
use crate::protocol::catalogue::Reason;
use crate::protocol::{Error, Result};

/// Names that Windows gives to devices, whatever ending is put behind them.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Checks the name in a path on Windows, and nothing elsewhere.
pub(super) fn must_be_usable(path: &Path) -> Result<()> {
    if cfg!(windows) { check(path) } else { Ok(()) }
}

fn check(path: &Path) -> Result<()> {
    let shown = path.to_string_lossy();
    match fault(name_in(&shown)) {
        Some(fault) => {
            Err(Error::new(Reason::BadFileName).field("path").detailed(fault.after(&*shown, &*shown)))
        }
        None => Ok(()),
    }
}

/// Returns what stands behind the last separator, and behind the drive's letter of a path such as `C:a.pdf`. It is read
/// by Windows' rules also where the tests run elsewhere.
fn name_in(path: &str) -> &str {
    if let Some((_, name)) = path.rsplit_once(['/', '\\']) {
        return name;
    }
    let has_drive = path.starts_with(|c: char| c.is_ascii_alphabetic()) && path.get(1..2) == Some(":");
    if has_drive { path.get(2..).unwrap_or_default() } else { path }
}

fn fault(name: &str) -> Option<Bilingual> {
    if let Some(found) = name.chars().find(|c| r#"<>:"|?*"#.contains(*c)) {
        return Some(Bilingual::new(format!("it has a {found}"), format!("含有 {found}")));
    }
    if name.chars().any(|c| c < ' ') {
        return Some(Bilingual::fixed("it has a control character", "含有控制字符"));
    }
    if is_device(name) {
        return Some(Bilingual::fixed("it is a device's", "是设备名"));
    }
    name.ends_with(['.', ' ']).then(|| Bilingual::fixed("it ends in a dot or a space", "以点或空格结尾"))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_uppercase();
    let numbered = |kind: &str| {
        let mut rest = stem.strip_prefix(kind).unwrap_or_default().chars();
        // Windows takes the raised digits for digits here.
        rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c)) && rest.next().is_none()
    };
    DEVICES.contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_windows_takes_for_something_else() {
        for name in [
            "A:1.pdf",
            "a?.pdf",
            "a*",
            "<a>",
            "a|b",
            "\"a\"",
            "a\n.pdf",
            "NUL",
            "nul.pdf",
            "Con .tar.gz",
            "COM1.pdf",
            "lpt².pdf",
            "CONIN$",
            "a.pdf.",
            "a ",
            "..",
            ".",
        ] {
            for folder in ["signed/", r"C:\签署\", "C:", r"\\server\share\"] {
                let error = check(Path::new(&format!("{folder}{name}"))).unwrap_err();
                assert_eq!(error.reason(), Reason::BadFileName, "{folder}{name}");
                assert!(error.to_string().contains(name.trim()) || name.contains('\n'), "{error}");
            }
        }
    }

    #[test]
    fn takes_the_others() {
        for name in
            ["a.pdf", "合同 1.pdf", "console.pdf", "COM.pdf", "COM10.pdf", "nul1.pdf", ".pdf", "a.b c"]
        {
            for folder in ["", "NUL/", r"C:\x\", "C:", r"\\?\C:\x\"] {
                assert!(check(Path::new(&format!("{folder}{name}"))).is_ok(), "{folder}{name}");
            }
        }
        assert!(must_be_usable(Path::new("a:b")).is_ok() || cfg!(windows));
    }
}
