//! What cannot be signed is refused with a clear message, and nothing makes signing crash.

use crate::support::{
    assemble, authority, check, fixture, inspect, organisation, person, png, sign, signer, zlib,
};
use png::{BitDepth, ColorType};
use time::OffsetDateTime;
use wosigndoc_server::signing::{
    Fonts, SignerKind, SignerRequest, SigningError, SigningReason, sign_document,
};

const PLACE: &str = "0.1,0.1,0.3,0.3";

/// Signing and checking beforehand refuse alike.
fn refused(pdf: &[u8], password: Option<&str>, signers: &[SignerRequest]) -> SigningError {
    let fonts = Fonts::built_in();
    let checked = check(pdf, password, signers, &fonts).expect_err("checked");
    let now = OffsetDateTime::now_utc();
    let signed =
        sign_document(pdf.to_vec(), password, signers, &authority(), &fonts, now).expect_err("signed");
    assert_eq!(checked, signed);
    assert!(!signed.what.en.is_empty() && signed.what.zh.chars().any(|c| c >= '\u{4e00}'), "{signed}");
    signed
}

#[test]
fn what_the_document_is() {
    let signers = [person(&[(1, PLACE)])];
    let encrypted = sign(&fixture("plain.pdf"), Some("secret"), &signers, &authority());
    assert_eq!(refused(&encrypted, None, &signers).reason, SigningReason::Encrypted);
    assert_eq!(refused(&encrypted, Some("secret"), &signers).reason, SigningReason::Encrypted);
    assert_eq!(inspect(&encrypted).unwrap_err().reason, SigningReason::Encrypted);

    let plain = fixture("plain.pdf");
    for damaged in [&b""[..], b"%PDF-1.7", b"<html></html>", &plain[..plain.len() / 2], &plain[5..]] {
        assert_eq!(refused(damaged, None, &signers).reason, SigningReason::Damaged);
    }
}

/// Covers P-41: a certification that forbids changes is respected, and encryption breaks no signature.
#[test]
fn what_earlier_signatures_forbid() {
    let signers = [person(&[(1, PLACE)])];
    assert_eq!(refused(&fixture("final.pdf"), None, &signers).reason, SigningReason::Forbidden);
    assert!(inspect(&fixture("final.pdf")).unwrap().forbids_changes);
    for name in ["signed.pdf", "certified.pdf"] {
        assert_eq!(refused(&fixture(name), Some("secret"), &signers).reason, SigningReason::Forbidden);
        let inspection = inspect(&fixture(name)).unwrap();
        assert_eq!((inspection.signatures, inspection.forbids_changes), (1, false), "{name}");
    }
}

/// Covers P-14: boxes on pages that are not there, and what is no place on a page.
#[test]
fn where_boxes_are() {
    let pdf = fixture("plain.pdf");
    for (page, position) in
        [(0, PLACE), (4, PLACE), (u32::MAX, PLACE), (1, "0.5,0.1,0.5,0.2"), (1, "0,0,1,1.01")]
    {
        assert_eq!(refused(&pdf, None, &[person(&[(page, position)])]).reason, SigningReason::Position);
    }
    let sizes = inspect(&fixture("turned.pdf")).unwrap().pages;
    let expected =
        [(749.5, 460.5), (460.5, 749.5), (290.0, 380.0), (741.89, 400.0), (741.89, 400.0), (400.0, 741.89)];
    assert_eq!(sizes.len(), expected.len());
    for (size, expected) in sizes.iter().zip(expected) {
        assert!((size.0 - expected.0).abs() < 0.01 && (size.1 - expected.1).abs() < 0.01, "{sizes:?}");
    }
}

#[test]
fn names_that_no_font_can_write() {
    let pdf = fixture("plain.pdf");
    for (name, place, code) in [
        ("张𠮷三", "character 2", "U+20BB7"),
        ("😀", "character 1", "U+1F600"),
        ("张\u{7}", "character 2", "U+0007"),
    ] {
        let error = refused(&pdf, None, &[signer(name, SignerKind::Person, &[(1, PLACE)])]);
        assert_eq!(error.reason, SigningReason::Name);
        assert!(
            error.what.en.contains(place) && error.what.en.contains(code) && error.what.zh.contains(code),
            "{error}"
        );
    }
    for name in ["", "  ", &"长".repeat(101)] {
        let error = refused(&pdf, None, &[signer(name, SignerKind::Organisation, &[(1, PLACE)])]);
        assert_eq!(error.reason, SigningReason::Name);
    }
    assert!(Fonts::built_in().check_name("阿卜杜拉·买买提").is_ok());
    // With a picture no font is needed.
    let picture = black(4, 4, ColorType::Rgb, BitDepth::Eight);
    let with_picture =
        SignerRequest { picture: Some(picture), ..signer("𠮷", SignerKind::Person, &[(1, PLACE)]) };
    sign(&pdf, None, &[with_picture], &authority());
}

#[test]
fn a_further_font_writes_rarer_names() {
    assert!(Fonts::built_in().with(b"no font".to_vec()).is_err());
    assert!(Fonts::built_in().check_name("王堃𠮷").is_err());
    assert!(Fonts::built_in().with(fixture("rare.ttf")).unwrap().check_name("王堃𠮷").is_ok());
}

/// A black PNG.
fn black(width: u32, height: u32, colour: ColorType, depth: BitDepth) -> Vec<u8> {
    let bytes = colour.samples() * (depth as usize) / 8;
    png(width, height, colour, depth, &vec![0; width as usize * height as usize * bytes])
}

#[test]
fn seal_pictures() {
    let pdf = fixture("plain.pdf");
    let ca = authority();
    let with = |picture: Vec<u8>| SignerRequest { picture: Some(picture), ..person(&[(1, PLACE)]) };
    let good = [
        black(8, 4, ColorType::Rgba, BitDepth::Sixteen),
        black(3, 5, ColorType::GrayscaleAlpha, BitDepth::Eight),
        black(1, 1, ColorType::Grayscale, BitDepth::Sixteen),
        black(3000, 20, ColorType::Rgb, BitDepth::Eight),
        // Four colours, as printers have them.
        fixture("cmyk.jpg"),
    ];
    for picture in good {
        sign(&pdf, None, &[with(picture)], &ca);
    }
    let whole = black(64, 64, ColorType::Rgb, BitDepth::Eight);
    let bad = [
        b"GIF89a".to_vec(),
        Vec::new(),
        whole[..whole.len() / 2].to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        fixture("cmyk.jpg")[..200].to_vec(),
        fixture("cmyk.jpg")[..fixture("cmyk.jpg").len() - 2].to_vec(),
        png(9000, 9000, ColorType::Grayscale, BitDepth::One, &vec![0; 1125 * 9000]),
    ];
    let mut said = wosigndoc::protocol::Bilingual::default();
    for picture in bad {
        let error = refused(&pdf, None, &[organisation(&[(1, PLACE)]), with(picture)]);
        assert_eq!((error.reason, error.signer), (SigningReason::Picture, Some(1)));
        said = error.what;
    }
    assert!(said.en.contains("9000 by 9000 pixels; at most 8192"), "{said:?}");
    assert!(said.zh.contains("9000×9000 像素；每边最多 8192"), "{said:?}");
}

#[test]
fn a_password_longer_than_pdf_takes() {
    let error = refused(&fixture("plain.pdf"), Some(&"x".repeat(128)), &[person(&[(1, PLACE)])]);
    assert_eq!(error.reason, SigningReason::Password);
    assert!(!error.what.en.contains("xxx"));
}

/// PDF leaves some characters out of passwords: of these nothing would be left, and anybody could open the document.
#[test]
fn a_password_that_nobody_types() {
    for password in ["\u{ad}", "\u{2060}\u{ad}", "a\u{7}", "\u{fe0f}"] {
        let error = refused(&fixture("plain.pdf"), Some(password), &[person(&[(1, PLACE)])]);
        assert_eq!(error.reason, SigningReason::Password, "{password:?}");
    }
}

/// Traps for readers: circles, depth, bombs, impossible numbers.
#[test]
fn traps() {
    const CATALOG: &[u8] = b"<</Type /Catalog /Pages 2 0 R>>";
    let deep = "[".repeat(1_000_000);
    let many = "3 0 R ".repeat(200_000);
    let bomb = zlib(&vec![b' '; 300 << 20]);
    let packed = [
        format!("<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {}>>\nstream\n", bomb.len())
            .as_bytes(),
        &bomb,
        b"\nendstream",
    ]
    .concat();
    let bombed = {
        let mut pdf = assemble(&[CATALOG, &packed], "");
        let at = pdf.len();
        let rows = [2, 2, 0];
        pdf.extend_from_slice(
            b"9 0 obj\n<</Type /XRef /W [1 1 1] /Index [5 1] /Size 10 /Root 5 0 R /Length 3 /Prev ",
        );
        let start = pdf.windows(10).rposition(|window| window == b"startxref\n").unwrap();
        let previous: String =
            String::from_utf8_lossy(&pdf[start + 10..]).chars().take_while(char::is_ascii_digit).collect();
        pdf.extend_from_slice(format!("{previous}>>\nstream\n").as_bytes());
        pdf.extend_from_slice(&rows);
        pdf.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF").as_bytes());
        pdf
    };
    let traps: Vec<Vec<u8>> = vec![
        assemble(&[CATALOG, b"2 0 R"], ""),
        assemble(&[CATALOG, b"3 0 R", b"2 0 R"], ""),
        assemble(&[CATALOG, b"<</Kids [2 0 R]>>"], ""),
        assemble(&[CATALOG, b"<</Kids [3 0 R 4 0 R]>>", b"<</Kids [4 0 R]>>", b"<</Kids [3 0 R]>>"], ""),
        assemble(&[CATALOG, b"<</Kids []>>"], ""),
        assemble(&[CATALOG, b"<</Kids [<</Type /Page>>]>>"], ""),
        assemble(&[CATALOG, deep.as_bytes()], ""),
        assemble(&[CATALOG, format!("<</Kids [{many}]>>").as_bytes(), b"<<>>"], ""),
        assemble(&[CATALOG, b"<</MediaBox [0 0 10 10]>>"], " /Prev 999999999999"),
        assemble(&[CATALOG, b"<</MediaBox [0 0 10 10]>>"], " /Prev -1"),
        assemble(&[CATALOG, b"<</MediaBox [0 0 10 10]>>"], " /XRefStm 3"),
        assemble(&[CATALOG, b"<</MediaBox [0 0 10 10]>>"], " /Size 99999999999"),
        assemble(&[b"[]"], ""),
        b"%PDF-1.7\nxref\n0 99999999999999\ntrailer<<>>startxref 9 %%EOF".to_vec(),
        b"%PDF-1.7\nxref\n18446744073709551615 2\n0000000009 00000 n \ntrailer<<>>startxref 9 %%EOF".to_vec(),
        b"%PDF-1.7\n1 0 obj<</Type/XRef/W[8 8 8]/Size 9/Length 5>>stream\nxxxxx\nendstream startxref 9 %%EOF"
            .to_vec(),
        bombed,
    ];
    for (index, trap) in traps.iter().enumerate() {
        println!("trap {index}");
        refused(trap, None, &[person(&[(1, PLACE)])]);
    }
    // A circle of revisions ends by itself; the page is there.
    let circle = assemble(&[CATALOG, b"<</Kids [3 0 R]>>", b"<</MediaBox [0 0 10 10]>>"], " /Prev 9");
    refused(&circle, None, &[person(&[(1, PLACE)])]);
}

/// A small generator of numbers (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit as u64).max(1)).unwrap()
    }
}

fn mutate(pdf: &[u8], random: &mut Random) -> Vec<u8> {
    const WORDS: [&[u8]; 14] = [
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b" 0 R",
        b"/Kids",
        b"/Prev 9",
        b"obj",
        b"stream\n",
        b"99999999999",
        b"-1",
        b"/Annots 3 0 R",
        b"/Length 1 0 R",
    ];
    let mut out = pdf.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(out.len());
        match random.below(7) {
            0 => out[at] = u8::try_from(random.below(256)).unwrap(),
            1 => out[at] ^= 1 << random.below(8),
            2 => out.truncate(at.max(1)),
            3 => drop(out.drain(at..(at + random.below(40)).min(out.len()))),
            4 => drop(out.splice(at..at, WORDS[random.below(WORDS.len())].iter().copied())),
            5 => {
                let from = random.below(out.len());
                let piece = out[from..(from + random.below(80)).min(out.len())].to_vec();
                drop(out.splice(at..at, piece));
            }
            _ => {
                // Another digit: references, offsets, lengths.
                if let Some(digit) = out[at..].iter().position(u8::is_ascii_digit) {
                    out[at + digit] = b'0' + u8::try_from(random.below(10)).unwrap();
                }
            }
        }
        if out.is_empty() {
            out.push(b'%');
        }
    }
    out
}

/// 2,250 damaged files: each is refused or signed, and nothing that was there changes.
#[test]
fn mutated_documents() {
    let (ca, fonts) = (authority(), Fonts::built_in());
    let signers = [person(&[(1, PLACE)]), organisation(&[(1, PLACE)])];
    let mut random = Random(0x5eed_0f5e_a15a_11ed);
    let (mut signed, mut refusals) = (0, 0);
    for name in [
        "plain.pdf",
        "objects.pdf",
        "linear.pdf",
        "hybrid.pdf",
        "turned.pdf",
        "form.pdf",
        "signed.pdf",
        "certified.pdf",
        "final.pdf",
    ] {
        let pdf = fixture(name);
        for round in 0..250 {
            let mutated = mutate(&pdf, &mut random);
            let password = (round % 4 == 0).then_some("secret");
            let now = OffsetDateTime::now_utc();
            match sign_document(mutated.clone(), password, &signers, &ca, &fonts, now) {
                Ok(output) if password.is_none() => {
                    assert!(output.starts_with(&mutated), "{name}, round {round}");
                    let before = inspect(&mutated).unwrap().signatures;
                    let after = inspect(&output).unwrap();
                    assert_eq!(after.signatures, before + 2, "{name}, round {round}");
                    signed += 1;
                }
                Ok(_) => signed += 1,
                Err(_) => refusals += 1,
            }
        }
    }
    println!("{signed} signed, {refusals} refused");
    assert!(signed > 100 && refusals > 500, "{signed} signed, {refusals} refused");
}
