//! Files with the slips that every reader bears are signed, and other programs find the signatures valid.

use crate::support::{Signed, assert_pdfsig, assert_qpdf, authority, fixture, organisation, person, sign};

const PLACE: &str = "0.1,0.1,0.3,0.3";

fn signed(pdf: &[u8]) -> Signed {
    let ca = authority();
    let signers = [organisation(&[(1, PLACE)]), person(&[(1, "0.6,0.1,0.8,0.3")])];
    let output = sign(pdf, None, &signers, &ca);
    assert!(output.starts_with(pdf));
    Signed::new(&output, &ca)
}

/// The appended part counts offsets as the file does. pyHanko counts from the beginning alone.
#[test]
fn what_stands_before_the_header() {
    for name in ["plain.pdf", "objects.pdf"] {
        let moved = [&b"\xef\xbb\xbfjunk\r\n"[..], &fixture(name)].concat();
        let signed = signed(&moved);
        assert_qpdf(&signed.pdf, None);
        assert_pdfsig(&signed.pdf, None, 2);
    }
}

#[test]
fn startxref_that_names_another_place() {
    for name in ["plain.pdf", "objects.pdf"] {
        let file = fixture(name);
        let at = file.windows(9).rposition(|window| window == b"startxref").unwrap();
        let wrong = [&file[..at], b"startxref\n7\n%%EOF\n"].concat();
        signed(&wrong).assert_valid(None, 2, 0);
        signed(&[&file[..], &[b'\n'; 4000]].concat()).assert_valid(None, 2, 0);
    }
}
