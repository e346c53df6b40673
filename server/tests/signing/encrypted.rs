//! Documents that open without a password, but whose owner restricts what may be done with them: signed within their
//! encryption where it allows that.

use std::path::Path;

use crate::support::{
    Signed, assert_pdfsig, assert_qpdf, authority, check, drawn_by_poppler, fixture, has, inspect,
    organisation, person, sign, tools::tool,
};
use wosigndoc_server::signing::{Fonts, SigningError, SigningReason};

const PLACE: &str = "0.1,0.1,0.3,0.3";
const OTHER: &str = "0.6,0.1,0.8,0.3";
const EVERY_CIPHER: [&[&str]; 6] = [
    &["40"],
    &["128", "--use-aes=n"],
    &["128", "--use-aes=y"],
    &["128", "--use-aes=y", "--cleartext-metadata"],
    &["256"],
    &["256", "--force-R5"],
];

/// A fixture encrypted by qpdf.
fn encrypted(name: &str, user: &str, options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = ["in.pdf", "out.pdf"].map(|name| folder.path().join(name));
    std::fs::write(&from, fixture(name)).unwrap();
    let mut command = tool("qpdf");
    command.args(["--allow-weak-crypto", "--encrypt", user, "owner"]).args(options);
    assert!(command.arg("--").arg(&from).arg(&to).status().unwrap().success(), "{options:?}");
    std::fs::read(to).unwrap()
}

fn refused(pdf: &[u8], password: Option<&str>) -> SigningError {
    let error = check(pdf, password, &[person(&[(1, PLACE)])], &Fonts::built_in()).expect_err("checked");
    assert!(error.what.zh.chars().any(|c| c >= '\u{4e00}'), "{error}");
    error
}

/// Whether a seal is seen in both places.
fn assert_seals_seen(pdf: &Path) {
    if let Some(page) = drawn_by_poppler(pdf) {
        assert!(page.red_in(PLACE) > 50 && page.red_in(OTHER) > 50);
    }
}

#[test]
fn is_signed_within_its_encryption() {
    if !has("qpdf", &["--version"]) {
        return;
    }
    let picture = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/corner.jpg")).unwrap();
    for options in EVERY_CIPHER {
        // A table, object streams, and a form.
        for name in ["plain.pdf", "objects.pdf", "form.pdf"] {
            let pdf = encrypted(name, "", options);
            assert_eq!(inspect(&pdf).unwrap().acts, None, "{options:?}");
            let ca = authority();
            let with_picture = wosigndoc_server::signing::SignerRequest {
                picture: Some(picture.clone()),
                ..person(&[(1, OTHER)])
            };
            let signed = sign(&pdf, None, &[organisation(&[(1, PLACE)]), with_picture], &ca);
            assert!(signed.starts_with(&pdf), "{name} {options:?}");
            let signed = Signed::new(&signed, &ca);
            if options.contains(&"--force-R5") {
                // Adobe's own step before the standard's revision 6, which pyHanko does not read.
                assert_qpdf(&signed.pdf, None);
                assert_pdfsig(&signed.pdf, None, 2);
            } else {
                signed.assert_valid(None, 2, 0);
            }
            assert_seals_seen(&signed.pdf);
        }
    }
}

#[test]
fn is_signed_where_one_of_the_permissions_allows_it() {
    if !has("qpdf", &["--version"]) {
        return;
    }
    let signers = [person(&[(1, PLACE)])];
    for allowed in [
        &["128", "--modify=form"][..],
        &["128", "--modify=annotate"],
        &["256", "--modify=form", "--print=none", "--extract=n"],
        &["128", "--modify=none", "--form=y"],
        &["40", "--modify=n"],
    ] {
        check(&encrypted("plain.pdf", "", allowed), None, &signers, &Fonts::built_in())
            .unwrap_or_else(|error| panic!("{allowed:?}: {error}"));
    }
    for forbidden in [&["128", "--modify=none"][..], &["256", "--modify=assembly"], &["40", "--annotate=n"]] {
        let error = refused(&encrypted("plain.pdf", "", forbidden), None);
        assert_eq!(error.reason, SigningReason::Forbidden, "{forbidden:?}");
        assert!(error.what.en.contains("owner password forbids"), "{error}");
    }
}

#[test]
fn is_refused_with_a_password_to_open_or_to_add() {
    if !has("qpdf", &["--version"]) {
        return;
    }
    for options in EVERY_CIPHER {
        assert_eq!(refused(&encrypted("plain.pdf", "user", options), None).reason, SigningReason::Encrypted);
        let error = refused(&encrypted("plain.pdf", "", options), Some("secret"));
        assert_eq!(error.reason, SigningReason::Encrypted);
        assert!(error.what.en.contains("leave the password out"), "{error}");
    }
}

/// What comes out of the page or out of an object stream is encrypted anew, by the key of its new object.
#[test]
fn moves_strings_within_its_encryption() {
    if !has("qpdf", &["--version"]) {
        return;
    }
    let link =
        "<</Type /Annot /Subtype /Link /Rect [10 10 90 30] /A <</S /URI /URI (https://a.example/moved)>>>>";
    let page = format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R {link}]>>");
    let field = "<</Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Drawn by the platform) /Rect [100 700 300 720] /F 4>>";
    let objects = [
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R] /NeedAppearances true /DA (/Helv 12 Tf 0 g) \
         /DR <</Font <</Helv 5 0 R>>>>>>>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        &page,
        field,
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
    ];
    let folder = tempfile::tempdir().unwrap();
    let [plain, out] = ["in.pdf", "out.pdf"].map(|name| folder.path().join(name));
    std::fs::write(&plain, crate::support::assemble(&objects.map(str::as_bytes), "")).unwrap();
    for options in EVERY_CIPHER.iter().filter(|options| !options.contains(&"--force-R5")) {
        for mode in ["--object-streams=generate", "--object-streams=disable"] {
            let mut command = tool("qpdf");
            command.args([mode, "--allow-weak-crypto", "--encrypt", "", "owner"]).args(*options).arg("--");
            assert!(command.arg(&plain).arg(&out).status().unwrap().success());
            let ca = authority();
            let signers = [organisation(&[(1, PLACE)]), person(&[(1, OTHER)])];
            let signed = Signed::new(&sign(&std::fs::read(&out).unwrap(), None, &signers, &ca), &ca);
            signed.assert_valid(None, 2, 0);
            assert_seals_seen(&signed.pdf);
            let mut command = tool("qpdf");
            command.args(["--qdf", "--decrypt"]).arg(&signed.pdf).arg(plain.with_extension("qdf"));
            assert!(command.status().unwrap().success());
            let text = std::fs::read(plain.with_extension("qdf")).unwrap();
            for string in
                ["(https://a.example/moved)", "(Drawn by the platform) Tj", "(Drawn by the platform)\n"]
            {
                let found = text.windows(string.len()).any(|window| window == string.as_bytes());
                assert!(found, "{string} {options:?} {mode}");
            }
        }
    }
}

/// What is encrypted is searched for scripts all the same.
#[test]
fn is_searched_for_scripts() {
    if !has("qpdf", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("in.pdf");
    let objects = |script: &str| {
        let field = format!("<</FT /Tx /T (a) /AA <</F <</S /JavaScript /JS {script}>>>>>>");
        let objects = [
            "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R]>>>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
            &field,
            "<</Length 12>>stream\napp.alert(1)\nendstream",
        ];
        crate::support::assemble(&objects.map(str::as_bytes), "")
    };
    for options in EVERY_CIPHER {
        for mode in ["--object-streams=generate", "--object-streams=disable"] {
            for (script, harmless) in
                [("(AFNumber_Format\\(1\\))", true), ("(app.alert\\(1\\))", false), ("5 0 R", false)]
            {
                std::fs::write(&plain, objects(script)).unwrap();
                let out = folder.path().join("out.pdf");
                let mut command = tool("qpdf");
                command.args([mode, "--allow-weak-crypto", "--encrypt", "", "owner"]).args(options).arg("--");
                assert!(command.arg(&plain).arg(&out).status().unwrap().success());
                let acts = inspect(&std::fs::read(&out).unwrap()).unwrap().acts;
                assert_eq!(acts.is_none(), harmless, "{options:?} {mode} {script}: {acts:?}");
            }
        }
    }
}
