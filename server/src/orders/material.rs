//! Dangerous content (-61): pictures that are none, or that carry something else along.

use wosigndoc::protocol::Bilingual;

use crate::picture::{self, Format, Limits};

/// How large a picture may be.
const LIMITS: Limits = Limits { side: 16_000, memory: 256 << 20 };

/// Texts that no picture and no contract contains: beginnings of scripts, and the EICAR test string.
/// Long enough not to turn up by chance in megabytes of compressed data.
const MARKERS: [&[u8]; 15] = [
    b"<?php ",
    b"<?php\t",
    b"<?php\r",
    b"<?php\n",
    b"<script",
    b"<%@ page",
    b"<%@page",
    b"<%@ import",
    b"<jsp:include",
    b"<%eval",
    b"javascript:",
    b"#!/bin/",
    b"powershell -",
    b"this program cannot be run in dos mode",
    b"x5o!p%@ap[4\\pzx54(p^)7cc)7}$eicar",
];

/// The beginnings of files of other kinds: what stands behind a JPEG's end is not one of them.
const OTHER_FILES: [&[u8]; 3] = [b"MZ", b"#!", b"<"];

/// The beginnings of those that may stand anywhere behind it. Long enough not to turn up by chance in the second
/// picture or the film that a camera leaves there.
const HIDDEN_FILES: [&[u8]; 7] = [
    b"\x7fELF\x01",
    b"\x7fELF\x02",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"%PDF-",
];

const ELF: &[u8] = b"\x7fELF";

/// Judges a seal or a material: a PNG or JPEG picture, and nothing else.
pub fn picture(bytes: &[u8]) -> Option<Bilingual> {
    let Some(format) = Format::of(bytes) else {
        return Some(Bilingual::fixed("it is not a PNG or JPEG picture", "不是 PNG 或 JPEG 图片"));
    };
    if let Some(fault) = scripts(bytes) {
        return Some(fault);
    }
    let Some(behind) = picture::end(bytes, format).and_then(|end| bytes.get(end..)) else {
        return Some(Bilingual::fixed("the picture is cut short", "图片不完整"));
    };
    if carries_file(behind, format) {
        return Some(Bilingual::fixed("something else stands behind the picture", "图片之后附有其他内容"));
    }
    if picture::decode(bytes, format, LIMITS).is_ok() {
        return None;
    }
    Some(Bilingual::fixed(
        "the picture is damaged, or larger than 16000 by 16000 pixels",
        "图片已损坏，或超过 16000×16000 像素",
    ))
}

/// Finds programs and scripts, whatever they are wrapped in.
pub fn scripts(bytes: &[u8]) -> Option<Bilingual> {
    if bytes.starts_with(b"MZ") || bytes.starts_with(ELF) {
        return Some(Bilingual::fixed("it is a program", "内容为可执行程序"));
    }
    let found = MARKERS.iter().any(|marker| contains(bytes, marker));
    found.then_some(Bilingual::fixed("it carries a script or a program", "内容中含有脚本或程序"))
}

/// Looks for a marker, which is lower case, in any letter case.
fn contains(bytes: &[u8], marker: &[u8]) -> bool {
    let Some((&first, rest)) = marker.split_first() else { return false };
    let upper = first.to_ascii_uppercase();
    bytes.iter().enumerate().any(|(at, &byte)| {
        (byte == first || byte == upper)
            && bytes.get(at + 1..at + marker.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest))
    })
}

fn carries_file(behind: &[u8], format: Format) -> bool {
    let padding = behind.iter().take_while(|byte| **byte == 0 || byte.is_ascii_whitespace()).count();
    let behind = behind.get(padding..).unwrap_or_default();
    // Behind a PNG there is nothing at all; cameras leave many things behind a JPEG.
    (format == Format::Png && !behind.is_empty())
        || OTHER_FILES.iter().any(|magic| behind.starts_with(magic))
        || HIDDEN_FILES.iter().any(|magic| behind.windows(magic.len()).any(|window| window == *magic))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = include_bytes!("../../../examples/material.png");

    #[test]
    fn takes_pictures_and_nothing_else() {
        assert_eq!(picture(PNG), None);
        let with = |tail: &[u8]| [PNG, tail].concat();
        // Some cameras and editors leave zeros behind.
        assert_eq!(picture(&with(&[0; 16])), None);
        // Three bytes turn up by chance in any large file.
        assert_eq!(scripts(b"%PDF-1.7 \x00<%@\x81 <?php\x80"), None);
        let dangerous: [&[u8]; 9] = [
            b"<?PHP system($_GET[0]); ?>",
            b"<ScRiPt src=x>",
            b"MZ\x90\x00",
            b"\x00\x00PK\x03\x04",
            b"\x7fELF\x02\x01\x01",
            b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
            b"\n#!/bin/sh",
            b"APK\x03\x04",
            // An end once more.
            b"PK\x03\x04\0\0\0\0IEND\xaeB`\x82",
        ];
        for tail in dangerous {
            assert!(picture(&with(tail)).is_some(), "{tail:?}");
        }
        for bytes in [&b""[..], b"A", b"GIF89a", b"%PDF-1.7", &PNG[..PNG.len() / 2], b"\x89PNG\r\n\x1a\n"] {
            assert!(picture(bytes).is_some());
        }
    }

    /// A JPEG of noise.
    const JPEG: &[u8] = include_bytes!("../../tests/fixtures/noise.jpg");

    #[test]
    fn takes_whole_pictures() {
        let jpeg = JPEG;
        assert_eq!(picture(jpeg), None);
        for cut in [&jpeg[..jpeg.len() / 2], &jpeg[..jpeg.len() - 2], &PNG[..PNG.len() - 12]] {
            assert!(picture(cut).is_some());
        }
    }

    #[test]
    fn looks_behind_a_jpeg() {
        let with = |tail: &[u8]| [JPEG, tail].concat();
        // A camera's second picture.
        assert_eq!(picture(&with(&[&[0; 9], JPEG].concat())), None);
        for tail in [&b"MZ"[..], b"\0<svg>", b"APK\x03\x04", b"PK\x03\x04\xff\xd9", b"A%PDF-1.7"] {
            assert!(picture(&with(tail)).is_some(), "{tail:?}");
        }
    }
}
