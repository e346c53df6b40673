//! Encrypted documents: opened by either password, and the same as before they were encrypted.

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding};
use md5::{Digest, Md5};
use wosigndoc::pdf::{Cipher, ObjectId, PdfErrorKind, PdfFile, password_hash, rc4};
use wosigndoc::protocol::hex;
use wosigndoc::verify::changes::compare_with_sent;

use crate::support::{Builder, one_page};

/// The key of documents that are encrypted by AES-256.
pub const KEY: [u8; 32] = [7; 32];
const CONTENTS: &[u8] = b"BT (the price is) Tj ET";
const PADDING: &[u8; 32] = b"\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\
    \x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a";

/// A paper of one page with a note; `write` says how contents and text stand in it.
fn paper(write: impl Fn(u32, &[u8]) -> Vec<u8>, trailer: &str) -> Vec<u8> {
    let mut builder: Builder = one_page("", "/Contents 4 0 R /Annots [5 0 R]");
    let note = hex::encode(&write(5, b"note"));
    builder
        .stream(4, "", &write(4, CONTENTS))
        .object(5, &format!("<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents <{note}>>>"))
        .table(trailer);
    builder.build()
}

pub fn plain() -> PdfFile {
    PdfFile::open(paper(|_, bytes| bytes.to_vec(), "")).unwrap()
}

/// The paper, encrypted by AES-256 for these passwords.
fn by_aes_256(user: &str, owner: &str) -> Vec<u8> {
    by_aes_256_with(user, owner, |number, bytes| {
        Cipher::Aes256.encrypt(&KEY, [3; 16], ObjectId::new(number), bytes).unwrap()
    })
}

/// The same, with contents and text as `write` encrypts them.
pub fn by_aes_256_with(user: &str, owner: &str, write: impl Fn(u32, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let locked = |password: &str, user: &[u8]| {
        let check = password_hash(password.as_bytes(), b"checksal", user);
        let wrapping = password_hash(password.as_bytes(), b"keysalty", user);
        let cipher = cbc::Encryptor::<aes::Aes256>::new(&wrapping.into(), &[0; 16].into());
        let wrapped = cipher.encrypt_padded_vec::<block_padding::NoPadding>(&KEY);
        ([&check[..], b"checksal", b"keysalty"].concat(), wrapped)
    };
    let (u, ue) = locked(user, &[]);
    let (o, oe) = locked(owner, &u);
    let [u, ue, o, oe] = [u, ue, o, oe].map(|bytes| hex::encode(&bytes));
    let trailer = format!(
        "/Encrypt <</Filter /Standard /V 5 /R 6 /P -4 /U <{u}> /UE <{ue}> /O <{o}> /OE <{oe}> \
         /CF <</StdCF <</CFM /AESV3>>>> /StmF /StdCF /StrF /StdCF>>"
    );
    paper(write, &trailer)
}

/// The paper, encrypted by RC4 or AES with 128 bits for these passwords.
fn by_128_bits(cipher: Cipher, user: &str, owner: &str) -> Vec<u8> {
    let padded = |password: &str| password.bytes().chain(*PADDING).take(32).collect::<Vec<u8>>();
    let stretched = |bytes: Vec<u8>| (0..51).fold(bytes, |bytes, _| Md5::digest(&bytes).to_vec());
    let rounds = |key: &[u8], bytes: Vec<u8>| {
        (0..20_u8).fold(bytes, |bytes, round| {
            rc4(&key.iter().map(|byte| byte ^ round).collect::<Vec<u8>>(), &bytes)
        })
    };
    let o = rounds(&stretched(padded(owner)), padded(user));
    let id = [1; 16];
    let permissions = (-4_i32).to_le_bytes();
    let key = stretched([&padded(user)[..], &o, &permissions, &id].concat());
    let mut u = rounds(&key, Md5::digest([&PADDING[..], &id].concat()).to_vec());
    u.resize(32, 0);
    let (method, version) = if cipher == Cipher::Rc4 { ("V2", "/V 2 /R 3") } else { ("AESV2", "/V 4 /R 4") };
    let (u, o, id) = (hex::encode(&u), hex::encode(&o), hex::encode(&id));
    let trailer = format!(
        "/ID [<{id}> <{id}>] /Encrypt <</Filter /Standard {version} /Length 128 /P -4 /U <{u}> /O <{o}> \
         /CF <</StdCF <</CFM /{method}>>>> /StmF /StdCF /StrF /StdCF>>"
    );
    paper(|number, bytes| cipher.encrypt(&key, [3; 16], ObjectId::new(number), bytes).unwrap(), &trailer)
}

#[test]
fn either_password_opens_and_no_other() {
    for bytes in [
        by_aes_256("user", "owner"),
        by_128_bits(Cipher::Rc4, "user", "owner"),
        by_128_bits(Cipher::Aes128, "user", "owner"),
    ] {
        for password in ["user", "owner"] {
            let pdf = PdfFile::open_with(bytes.clone(), Some(password)).unwrap();
            let contents = pdf.object(ObjectId::new(4)).unwrap().unwrap();
            assert_eq!(pdf.data(&contents).unwrap().unwrap(), CONTENTS);
            let compared = compare_with_sent(&plain(), &pdf);
            assert_eq!(compared.same, Some(true), "{:#?}", compared.differences);
        }
        for password in [Some("User"), Some(""), None] {
            let error = PdfFile::open_with(bytes.clone(), password).unwrap_err();
            assert_eq!(error.kind, PdfErrorKind::Encrypted);
        }
    }
}

#[test]
fn without_a_password_everybody_opens_it() {
    for bytes in [by_aes_256("", "owner"), by_128_bits(Cipher::Aes128, "", "owner")] {
        for password in [None, Some("any")] {
            let pdf = PdfFile::open_with(bytes.clone(), password).unwrap();
            assert_eq!(compare_with_sent(&plain(), &pdf).same, Some(true));
        }
    }
    assert!(PdfFile::open_with(plain().into_bytes(), Some("needless")).is_ok());
}
