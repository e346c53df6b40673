//! A PEM text or a PKCS#12 archive that a setting names: as a file, or as the text itself.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::protocol::{Bilingual, Error, Reason, Result};
use crate::section::Section;

/// Where a PEM text or a PKCS#12 archive comes from.
#[derive(Clone)]
pub(crate) enum Origin {
    /// A file, read when the client is made.
    File(PathBuf),
    /// The text itself.
    Text(Zeroizing<String>),
}

/// A pair of settings: a file's path, or the text itself.
pub(crate) type Pair = (&'static str, &'static str);

impl Origin {
    /// Reads a setting that is given as a file or as text, but not as both.
    pub(crate) fn read(section: &mut Section<'_>, (file, text): Pair) -> Option<Origin> {
        match (section.filled(file), section.filled(text)) {
            (Some(path), None) => Some(Origin::File(path.as_str().into())),
            (None, Some(text)) => Some(Origin::Text(text)),
            (None, None) => None,
            (Some(_), Some(given)) => {
                section.wrong(
                    text,
                    format!("give either {text} or {file}"),
                    format!("{text} 与 {file} 只能二选一"),
                );
                Some(Origin::Text(given))
            }
        }
    }

    /// Returns the name of the setting, of the two, that it came from.
    pub(crate) fn setting(&self, (file, text): Pair) -> &'static str {
        match self {
            Origin::File(_) => file,
            Origin::Text(_) => text,
        }
    }

    /// Reads it; `field` names the setting in an error.
    pub(crate) fn bytes(&self, field: &str) -> Result<Zeroizing<Vec<u8>>> {
        match self {
            Origin::Text(text) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
            Origin::File(path) => read_small_file(path, field),
        }
    }
}

/// Largest certificate, key or roots file: the system's own bundle is a quarter of this.
const MAX_FILE: u64 = 1024 * 1024;

fn read_small_file(path: &Path, field: &str) -> Result<Zeroizing<Vec<u8>>> {
    let unreadable =
        |cause: &std::io::Error| Error::of_system(Reason::FileUnreadable, path.display(), cause).field(field);
    let facts = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    let odd = match () {
        () if facts.is_dir() => {
            Some(Bilingual::fixed("it is a folder: name the file in it", "是目录：请写明其中的文件"))
        }
        () if !facts.is_file() => Some(Bilingual::fixed("it is no regular file", "不是普通文件")),
        () if facts.len() > MAX_FILE => Some(Bilingual::fixed("it is larger than 1 MiB", "超过 1 MiB")),
        () => None,
    };
    if let Some(words) = odd {
        let words = words.after(path.display(), path.display());
        return Err(Error::new(Reason::FileUnreadable).field(field).detailed(words));
    }
    std::fs::read(path).map(Zeroizing::new).map_err(|error| unreadable(&error))
}
