//! Who has to have signed, and whether they did.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

use serde_json::{Map, Value};

use super::certificate::{Attribute, UNREADABLE, attributes};
use super::policy::Then;
use super::report::{
    Integrity, Reason, RequiredReport, SignatureKind, SignatureReport, SignersReport, Trust,
};
use crate::protocol::Bilingual;

/// Most signers of an order: nobody who is demanded may be left out.
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

    /// Returns the signers of an order, as it was sent: at least one, each with a name. Else the setting that is wrong:
    /// an order that demands nobody would be fulfilled by everybody.
    pub(super) fn of_order(order: &Map<String, Value>) -> Result<Vec<RequiredSigner>, String> {
        let list = order.get("signerlist").and_then(Value::as_array);
        let list = list.filter(|list| (1..=MAX_SIGNERS).contains(&list.len()));
        let each = list.ok_or("order.signerlist")?.iter().enumerate().map(|(at, signer)| {
            let text = |keys: [&str; 2]| {
                let mut texts = keys.iter().filter_map(|key| signer.get(*key)?.as_str());
                texts.find(|text| !text.trim().is_empty()).map(str::to_owned)
            };
            let name = text(["orgName", "userName"]).ok_or_else(|| format!("order.signerlist[{at}]"))?;
            Ok(RequiredSigner { name, number: text(["orgNo", "userNo"]) })
        });
        each.collect()
    }
}

/// Without spaces, case and width.
fn folded(text: &str) -> String {
    let narrow = text.chars().map(|letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        _ => letter,
    });
    narrow.filter(|letter| !letter.is_whitespace()).map(lower).collect()
}

/// Returns the small letter of a capital one, if that is its only capital: the sign for kelvin is no K.
fn lower(letter: char) -> char {
    let only =
        |mut letters: Box<dyn Iterator<Item = char>>| letters.next().filter(|_| letters.next().is_none());
    let small = only(Box::new(letter.to_lowercase()));
    let is_back = |small: &char| only(Box::new(small.to_uppercase())) == Some(letter);
    small.filter(is_back).unwrap_or(letter)
}

/// What some write before a number, to say of what kind it is: as ETSI EN 319 412-1 has it, the country behind it, or in
/// words.
const KINDS: [&str; 9] = ["pas", "idc", "pno", "tin", "tax", "ntr", "vat", "lei", "eid"];
const WORDS: [&str; 14] = [
    "id",
    "no",
    "sf",
    "idcard",
    "uscc",
    "身份证",
    "身份证号",
    "身份证号码",
    "居民身份证",
    "营业执照",
    "营业执照号",
    "统一社会信用代码",
    "组织机构代码",
    "证件号码",
];

/// Says whether this is all of a number, with what kind it is before it at most.
fn is_number(said: &str, number: &str) -> bool {
    let Some(before) = said.strip_suffix(number).filter(|_| !number.is_empty()) else { return false };
    let kind = before.trim_end_matches([':', '-', '.', '#', '=', '：', '/']);
    let by_country = kind.get(..3).is_some_and(|it| KINDS.contains(&it))
        && kind.len() == 5
        && kind.bytes().all(|byte| byte.is_ascii_lowercase())
        && before.ends_with('-');
    before.is_empty() || WORDS.contains(&kind) || by_country
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
        // What holds what nobody can see is nobody's name: another one may be shown for it.
        names.retain(|name| !name.contains(UNREADABLE));
        Said { names, numbers: of(&NUMBERS) }
    }

    fn fits(&self, wanted: &RequiredSigner, rule: Match) -> bool {
        let name = folded(&wanted.name);
        let name_fits = match rule.name {
            NameRule::Ignore => true,
            NameRule::Exact => self.names.contains(&wanted.name),
            NameRule::Folded => !name.is_empty() && self.names.iter().any(|said| folded(said) == name),
            NameRule::Contains => {
                !name.is_empty() && self.names.iter().any(|said| folded(said).contains(&name))
            }
        };
        let has = |number: &str| self.numbers.iter().any(|said| is_number(&folded(said), &folded(number)));
        name_fits
            && match (rule.number, wanted.number.as_deref().filter(|number| !number.trim().is_empty())) {
                (Rule::Ignore, _) | (_, None) => true,
                (Rule::IfPresent, Some(number)) => self.numbers.is_empty() || has(number),
                (Rule::Required, Some(number)) => has(number),
            }
    }
}

/// What a signature is told by: the name of its certificate's subject, and where in the file it stands.
pub(super) struct Signed {
    pub(super) subject: Vec<u8>,
    pub(super) gap: Option<Range<usize>>,
}

/// Compares who signed with who had to.
pub(super) fn compare(
    required: &Required,
    signatures: &[SignatureReport],
    found: &[Signed],
    reasons: &mut Vec<Reason>,
) -> SignersReport {
    let signed = trusted(signatures, found, required.rule);
    let fits = |wanted: &RequiredSigner| -> Vec<usize> {
        let fits = |at: &usize| signed.get(*at).is_some_and(|(_, said)| said.fits(wanted, required.rule));
        (0..signed.len()).filter(fits).collect()
    };
    let fitting: Vec<Vec<usize>> = required.signers.iter().map(fits).collect();
    let places = if required.in_order { in_order(&fitting) } else { in_any_order(&fitting) };
    let mut report = SignersReport { complete: true, required: Vec::new(), rule: words(required) };
    let mut missing = Vec::new();
    let mut fail = |code, message| {
        missing.push(Reason { code, then: Then::Invalid, signature: None, message });
    };
    for (wanted, (&place, fitting)) in required.signers.iter().zip(places.iter().zip(&fitting)) {
        let is_early = required.in_order && fitting.iter().any(|at| !places.contains(&Some(*at)));
        let message = match place {
            Some(_) => fits_words(&wanted.name),
            None => missing_words(&wanted.name, fitting, is_early),
        };
        if place.is_none() {
            fail("signer_missing", message.clone());
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
        fail("signature_count", message);
    }
    report.complete = missing.is_empty();
    reasons.extend(missing);
    report
}

/// Returns the signatures that hold, with whom they name: one that does not hold is nobody's. A signature is that of one signer,
/// and counts once, in however many fields it is shown.
fn trusted<'a>(
    signatures: &'a [SignatureReport],
    found: &[Signed],
    rule: Match,
) -> Vec<(&'a SignatureReport, Said)> {
    let holds = |signature: &SignatureReport| {
        signature.kind == SignatureKind::Signature
            && signature.integrity.value == Integrity::Ok
            && signature.trust.value == Trust::Trusted
    };
    let mut gaps = HashSet::new();
    let mut counts =
        |signature: &SignatureReport, found: &Signed| holds(signature) && gaps.insert(found.gap.clone());
    let pairs = signatures.iter().zip(found).filter(|(signature, found)| counts(signature, found));
    pairs.map(|(signature, found)| (signature, Said::of(signature, &found.subject, rule))).collect()
}

/// Says why nobody counts as this signer, whom these signatures fit; the one that is left came too early.
fn missing_words(name: &str, fitting: &[usize], is_early: bool) -> Bilingual {
    if is_early {
        return Bilingual::new(
            format!("{name} signed, but before one who had to sign earlier"),
            format!("{name} 已签署，但早于应先签署的签署方"),
        );
    }
    if !fitting.is_empty() {
        return Bilingual::new(
            format!("each signature of {name} is that of another who had to sign"),
            format!("{name} 的签名均已计作其他应签署方的签名"),
        );
    }
    Bilingual::new(format!("no trusted signature is that of {name}"), format!("没有可信签名属于 {name}"))
}

/// Gives each signer the first signature behind that of the signer before, of those that fit.
fn in_order(fitting: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut next = 0;
    let each = fitting.iter().map(|fitting| {
        let place = fitting.iter().copied().find(|at| *at >= next);
        next = place.map_or(next, |at| at + 1);
        place
    });
    each.collect()
}

/// Gives each signer a signature of its own of those that fit, to as many signers as there can be.
fn in_any_order(fitting: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut owners: HashMap<usize, usize> = HashMap::new();
    for signer in 0..fitting.len() {
        // Who stands in the way is asked to take another one, and so on: by whom each signature was reached.
        let (mut reached, mut waiting) = (HashMap::new(), VecDeque::from([signer]));
        let free = loop {
            let Some(asked) = waiting.pop_front() else { break None };
            let new: Vec<usize> = fitting.get(asked).into_iter().flatten().copied().collect();
            let new = new.into_iter().filter(|at| reached.insert(*at, asked).is_none()).collect::<Vec<_>>();
            if let Some(free) = new.iter().find(|at| !owners.contains_key(at)) {
                break Some(*free);
            }
            waiting.extend(new.iter().filter_map(|at| owners.get(at).copied()));
        };
        let mut place = free;
        while let Some((at, asked)) = place.and_then(|at| Some((at, *reached.get(&at)?))) {
            place = owners.iter().find(|(_, owner)| **owner == asked).map(|(at, _)| *at);
            owners.retain(|_, owner| *owner != asked);
            owners.insert(at, asked);
        }
    }
    (0..fitting.len())
        .map(|signer| owners.iter().find(|(_, owner)| **owner == signer).map(|(at, _)| *at))
        .collect()
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
