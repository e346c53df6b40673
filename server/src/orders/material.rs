//! Dangerous content (-61): pictures that are none, or that carry something else along.

use wosigndoc::protocol::Bilingual;

use crate::picture::{self, Format, Limits, PictureError};

/// How large a material may be.
pub const LIMITS: Limits = Limits { side: 16_000, memory: 256 << 20 };

/// Texts that no picture and no contract contains: beginnings of scripts, and the EICAR test string.
/// Long enough not to turn up by chance in megabytes of compressed data.
const MARKERS: [&[u8]; 14] = [
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
    b"#!/bin/",
    b"powershell -",
    b"this program cannot be run in dos mode",
    b"x5o!p%@ap[4\\pzx54(p^)7cc)7}$eicar",
];

/// One more, which in a PDF stands in links too: those are judged one by one.
const SCRIPT_ADDRESS: &[u8] = b"javascript:";
/// The marker that is a part of other words, such as the name of an element of forms.
const SCRIPT_ELEMENT: &[u8] = b"<script";

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

/// Judges a seal or a material: a PNG or JPEG picture within these limits, and nothing else.
pub fn picture(bytes: &[u8], limits: Limits) -> Option<Bilingual> {
    let Some(format) = Format::of(bytes) else {
        return Some(Bilingual::fixed("it is not a PNG or JPEG picture", "不是 PNG 或 JPEG 图片"));
    };
    if let Some(fault) = scripts(bytes).or_else(|| marked(bytes, SCRIPT_ADDRESS)) {
        return Some(fault);
    }
    let Some(behind) = picture::end(bytes, format).and_then(|end| bytes.get(end..)) else {
        return Some(PictureError::Damaged.what(limits));
    };
    if carries_file(behind, format) {
        return Some(Bilingual::fixed("something else stands behind the picture", "图片之后附有其他内容"));
    }
    picture::decode(bytes, format, limits).err().map(|error| error.what(limits))
}

/// Finds programs and scripts, whatever they are wrapped in.
pub fn scripts(bytes: &[u8]) -> Option<Bilingual> {
    if bytes.starts_with(b"MZ") || bytes.starts_with(ELF) {
        return Some(Bilingual::fixed("it is a program", "内容为可执行程序"));
    }
    MARKERS.iter().find_map(|marker| marked(bytes, marker))
}

/// Finds a marker, and says which and where.
fn marked(bytes: &[u8], marker: &[u8]) -> Option<Bilingual> {
    let at = find(bytes, marker)?;
    let marker = String::from_utf8_lossy(marker);
    let marker = marker.trim();
    Some(Bilingual::new(
        format!("it holds the beginning of a script or a program, \"{marker}\" at byte {at}"),
        format!("在第 {at} 字节处含有脚本或程序的开头“{marker}”"),
    ))
}

/// Looks for a marker, which is lower case, in any letter case.
fn find(bytes: &[u8], marker: &[u8]) -> Option<usize> {
    let (&first, rest) = marker.split_first()?;
    let upper = first.to_ascii_uppercase();
    bytes.iter().enumerate().position(|(at, &byte)| {
        (byte == first || byte == upper)
            && bytes.get(at + 1..at + marker.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest))
            && (marker != SCRIPT_ELEMENT || ends_element(bytes.get(at + marker.len())))
    })
}

/// Says whether the name of an element ends before this byte.
fn ends_element(byte: Option<&u8>) -> bool {
    byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | 0))
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

    /// What is wrong with a material.
    fn picture(bytes: &[u8]) -> Option<Bilingual> {
        super::picture(bytes, LIMITS)
    }

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

    /// What the fault of this file says, in English.
    fn said(bytes: &[u8]) -> String {
        picture(bytes).map(|what| what.en.into_owned()).unwrap_or_default()
    }

    /// Decoders make up what is missing: the picture must be there, not only its end.
    #[test]
    fn takes_no_picture_with_a_forged_end() {
        let turned = include_bytes!("../../tests/fixtures/turned.jpg");
        let progressive = include_bytes!("../../tests/fixtures/progressive.jpg");
        let restarts = include_bytes!("../../tests/fixtures/restarts.jpg");
        for jpeg in [JPEG, turned, progressive, restarts] {
            assert_eq!(picture(jpeg), None);
            let data = jpeg.windows(2).rposition(|pair| pair == [0xff, 0xda]).unwrap() + 14;
            for tenths in 1..10 {
                let cut = data + (jpeg.len() - 2 - data) * tenths / 10;
                let forged = [jpeg.get(..cut).unwrap(), b"\xff\xd9"].concat();
                assert!(said(&forged).contains("cut short"), "{tenths} tenths of {} bytes", jpeg.len());
            }
        }
        // Of several scans each must be whole.
        let scan = progressive.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
        let next =
            scan + progressive[scan + 2..].windows(2).position(|pair| pair == [0xff, 0xc4]).unwrap() + 2;
        let cut = [&progressive[..scan + 20], &progressive[next..]].concat();
        assert!(said(&cut).contains("cut short"));
        let end = PNG.windows(4).rposition(|name| name == b"IEND").unwrap() - 4;
        let forged = [&PNG[..end / 2], &PNG[end..]].concat();
        assert!(picture(&forged).is_some());
    }

    #[test]
    fn names_what_was_found_and_where() {
        let with = |tail: &[u8]| [PNG, tail].concat();
        let at = PNG.len() + 2;
        assert!(said(&with(b"\0\0<?php x")).contains(&format!("\"<?php\" at byte {at}")));
        assert!(said(&with(b"\0\0javascript:x")).contains("\"javascript:\""));
        // The element of forms begins with the same letters.
        assert_eq!(scripts(b"%PDF-1.7 <scriptModel>"), None);
        assert_eq!(scripts(b"%PDF-1.7 (javascript:void(0))"), None);
        for element in ["<script>", "<SCRIPT src=x>", "<script/x>", "<script\n"] {
            assert!(scripts(element.as_bytes()).is_some(), "{element}");
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
