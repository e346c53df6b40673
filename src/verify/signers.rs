//! Who has to have signed, and whether they did.

use serde_json::{Map, Value};

use super::certificate::{Attribute, attributes};
use super::policy::Then;
use super::report::{
    Integrity, Reason, RequiredReport, SignatureKind, SignatureReport, SignersReport, Trust,
};
use crate::protocol::Bilingual;

/// Most signers of an order that are looked at.
const MAX_SIGNERS: usize = 1000;

/// Who has to have signed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Required {
    /// Each of them.
    pub signers: Vec<RequiredSigner>,
    /// Whether in this order, as they stand here.
    pub in_order: bool,
    /// How many trusted signatures there have to be, time stamps not counted.
    pub count: Option<usize>,
    /// How a signer is told.
    pub rule: Match,
}

/// One who has to have signed.
#[derive(Clone, PartialEq, Eq)]
pub struct RequiredSigner {
    /// The name of the organisation or the person.
    pub name: String,
    /// The number of the licence or the identity card.
    pub number: Option<String>,
}

/// How a signer is told by its certificate. The platform may name signers otherwise than the order does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// How names are compared: with the subject's common name, organisation, and given name with surname.
    pub name: NameRule,
    /// How numbers are compared: with every number in the subject.
    pub number: Rule,
    /// Whether `/Name`, `/Reason` and `/Location` of the signature count as names too.
    pub dictionary: bool,
}

/// How two names are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRule {
    /// Letter by letter.
    Exact,
    /// Without regard to case, spaces, and full or half width: （ is (.
    #[default]
    Folded,
    /// Folded, and the name may be a part of what the certificate says.
    Contains,
    /// Not at all: whoever signs counts.
    Ignore,
}

/// Whether two numbers are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// Not at all.
    #[default]
    Ignore,
    /// If the certificate has one.
    IfPresent,
    /// The certificate has to have it.
    Required,
}

impl RequiredSigner {
    /// Makes one that is known by its name alone.
    #[must_use]
    pub fn named(name: impl Into<String>) -> RequiredSigner {
        RequiredSigner { name: name.into(), number: None }
    }

    /// Returns the signers of an order, as it was sent.
    pub(super) fn of_order(order: &Map<String, Value>) -> Vec<RequiredSigner> {
        let list = order.get("signerlist").and_then(Value::as_array);
        let each = list.into_iter().flatten().take(MAX_SIGNERS).filter_map(Value::as_object);
        each.map(|signer| {
            let text = |keys: [&str; 2]| {
                let mut texts = keys.iter().filter_map(|key| signer.get(*key)?.as_str());
                texts.find(|text| !text.trim().is_empty()).map(str::to_owned)
            };
            let name = text(["orgName", "userName"]).unwrap_or_default();
            RequiredSigner { name, number: text(["orgNo", "userNo"]) }
        })
        .collect()
    }
}

/// Without spaces, case and width.
fn folded(text: &str) -> String {
    let narrow = text.chars().map(|letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        _ => letter,
    });
    narrow.filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// What a signature says of who signed.
struct Said {
    names: Vec<String>,
    numbers: Vec<String>,
}

/// Attributes of a subject that are names, and those that may be numbers.
const NAMES: [&[u8]; 2] = [b"\x55\x04\x03", b"\x55\x04\x0a"];
const NUMBERS: [&[u8]; 4] =
    [b"\x55\x04\x05", b"\x55\x04\x61", b"\x55\x04\x0b", b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"];

impl Said {
    fn of(signature: &SignatureReport, subject: &[u8], rule: Match) -> Said {
        let attributes = attributes(subject);
        let of = |kinds: &[&[u8]]| {
            let fitting = attributes.iter().filter(|part| kinds.contains(&part.kind.as_slice()));
            fitting.map(|part: &Attribute| part.text.clone()).collect::<Vec<_>>()
        };
        let mut names = of(&NAMES);
        let (given, family) = (of(&[b"\x55\x04\x2a"]), of(&[b"\x55\x04\x04"]));
        if let (Some(given), Some(family)) = (given.first(), family.first()) {
            names.extend([format!("{given} {family}"), format!("{family}{given}")]);
        }
        if rule.dictionary {
            names.extend(
                [&signature.name, &signature.reason, &signature.location].into_iter().flatten().cloned(),
            );
        }
        Said { names, numbers: of(&NUMBERS) }
    }

    fn fits(&self, wanted: &RequiredSigner, rule: Match) -> bool {
        let name = folded(&wanted.name);
        let name_fits = match rule.name {
            NameRule::Ignore => true,
            NameRule::Exact => self.names.contains(&wanted.name),
            NameRule::Folded => self.names.iter().any(|said| folded(said) == name),
            NameRule::Contains => {
                !name.is_empty() && self.names.iter().any(|said| folded(said).contains(&name))
            }
        };
        // Some write what kind of number it is before it.
        let has = |number: &str| self.numbers.iter().any(|said| folded(said).ends_with(&folded(number)));
        name_fits
            && match (rule.number, wanted.number.as_deref().filter(|number| !number.trim().is_empty())) {
                (Rule::Ignore, _) | (_, None) => true,
                (Rule::IfPresent, Some(number)) => self.numbers.is_empty() || has(number),
                (Rule::Required, Some(number)) => has(number),
            }
    }
}

/// Compares who signed with who had to; `subjects` are the names of the signatures' certificates.
pub(super) fn compare(
    required: &Required,
    signatures: &[SignatureReport],
    subjects: &[Vec<u8>],
    reasons: &mut Vec<Reason>,
) -> SignersReport {
    // A signature that does not hold is nobody's.
    let counts = |signature: &SignatureReport| {
        signature.kind == SignatureKind::Signature
            && signature.integrity.value == Integrity::Ok
            && signature.trust.value == Trust::Trusted
    };
    let signed: Vec<(&SignatureReport, Said)> = signatures
        .iter()
        .zip(subjects)
        .filter(|(signature, _)| counts(signature))
        .map(|(signature, subject)| (signature, Said::of(signature, subject, required.rule)))
        .collect();
    let mut report = SignersReport { complete: true, required: Vec::new(), rule: words(required) };
    let mut fail = |code, message: Bilingual, complete: &mut bool| {
        *complete = false;
        reasons.push(Reason { code, then: Then::Invalid, signature: None, message });
    };
    let (mut next, mut used) = (0, vec![false; signed.len()]);
    for wanted in &required.signers {
        let fitting = |at: &usize| {
            let is_free = required.rule.name != NameRule::Ignore || used.get(*at) == Some(&false);
            is_free && signed.get(*at).is_some_and(|(_, said)| said.fits(wanted, required.rule))
        };
        let from = if required.in_order { next } else { 0 };
        let place = (from..signed.len()).find(fitting);
        let early = || (0..from).find(fitting);
        let message = match (place, early()) {
            (Some(_), _) => fits_words(&wanted.name),
            (None, Some(_)) => Bilingual::new(
                format!("{} signed, but before one who had to sign earlier", wanted.name),
                format!("{} 已签署，但早于应先签署的签署方", wanted.name),
            ),
            (None, None) => Bilingual::new(
                format!("no trusted signature is that of {}", wanted.name),
                format!("没有可信签名属于 {}", wanted.name),
            ),
        };
        match place {
            Some(at) => {
                next = at;
                if let Some(used) = used.get_mut(at) {
                    *used = true;
                }
            }
            None => fail("signer_missing", message.clone(), &mut report.complete),
        }
        let signature = place.and_then(|at| signed.get(at)).map(|(signature, _)| signature.field.clone());
        report.required.push(RequiredReport { name: wanted.name.clone(), signature, message });
    }
    if let Some(count) = required.count.filter(|count| *count != signed.len()) {
        let found = signed.len();
        let message = Bilingual::new(
            format!("there are {found} trusted signatures, and have to be {count}"),
            format!("可信签名有 {found} 个，应为 {count} 个"),
        );
        fail("signature_count", message, &mut report.complete);
    }
    report
}

fn fits_words(name: &str) -> Bilingual {
    Bilingual::new(format!("{name} signed"), format!("{name} 已签署"))
}

/// Says what is compared with what.
fn words(required: &Required) -> Bilingual {
    let (en, zh) = match required.rule.name {
        NameRule::Exact => ("names letter by letter", "名称逐字比较"),
        NameRule::Folded => {
            ("names without regard to case, spaces and width", "名称忽略大小写、空格和全半角")
        }
        NameRule::Contains => ("names as a part of what the certificate says", "名称为证书所载的一部分即可"),
        NameRule::Ignore => ("no names", "不比较名称"),
    };
    let (number_en, number_zh) = match required.rule.number {
        Rule::Ignore => ("no numbers", "不比较号码"),
        Rule::IfPresent => ("numbers if the certificate has one", "证书中有号码时比较号码"),
        Rule::Required => ("numbers", "比较号码"),
    };
    let (where_en, where_zh) = if required.rule.dictionary {
        (
            "the certificate's subject and the signature's /Name, /Reason and /Location",
            "证书主题及签名的 /Name、/Reason、/Location",
        )
    } else {
        ("the certificate's subject", "证书主题")
    };
    Bilingual::new(
        format!("compared with {where_en}: {en}; {number_en}"),
        format!("与{where_zh}比较：{zh}；{number_zh}"),
    )
}
