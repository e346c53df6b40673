//! The rules of an order, the same for both halves: every violation at once, in the
//! order in which the platform would answer them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::base64_text;
use super::bilingual::Bilingual;
use super::catalogue::Code;
use super::error::{Violation, Warning};
use super::fields::Findings;
use super::order::{
    DocumentSource, NO_NUMBER, ORGANISATION, PERSON, RawSource, SignOrder, SignatureBox, Signer, is_blank,
};
use super::valid_order::{SignerKind, ValidBox, ValidSigner};
use super::{numbers, subject};

pub use super::valid_order::ValidOrder;

/// What the judging half knows besides the order.
pub struct Context<'a> {
    /// Material may be empty.
    pub allow_empty_material: bool,
    /// The number of bytes of a file, an attachment or owned bytes, when it is known.
    pub length_of: &'a dyn Fn(RawSource<'_>) -> Option<u64>,
}

/// What an order is found to be.
#[derive(Debug, PartialEq)]
pub struct Verdict<'a> {
    /// The order, which may be sent; or the rules that it breaks, first what the platform would answer first.
    pub outcome: Result<ValidOrder<'a>, Vec<Violation>>,
    /// Oddities that stop nothing: a subject that is cut, a check digit, fields that nobody reads.
    pub warnings: Vec<Warning>,
}

impl Verdict<'_> {
    /// Returns the rules that the order breaks; none when it is valid.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        self.outcome.as_ref().err().map(Vec::as_slice).unwrap_or_default()
    }
}

/// Judges an order; `findings` are what reading it found already.
#[must_use]
pub fn validate<'a>(order: &'a SignOrder, findings: Findings, context: &Context<'_>) -> Verdict<'a> {
    let reported = findings.violations.iter().map(|known| known.field.clone()).collect();
    let mut judge = Judge { context, findings, reported };
    let valid = judge.order(order);
    let Findings { mut violations, warnings } = judge.findings;
    violations.sort_by_key(|violation| rank(violation.code));
    // Whatever makes no valid order is a violation too.
    let outcome = valid.filter(|_| violations.is_empty()).ok_or(violations);
    Verdict { outcome, warnings }
}

/// Returns the place of a code in the platform's order of checks. -55 stands before the order's state,
/// which cannot be looked up without a number.
#[must_use]
pub fn rank(code: Code) -> usize {
    use Code as C;
    const ORDER: [Code; 23] = [
        C::MalformedJson,
        C::Incomplete,
        C::UnknownAction,
        C::NoToken,
        C::TokenDisabled,
        C::WrongCertificate,
        C::AlreadySigned,
        C::BeingSigned,
        C::NoBalance,
        C::NoTemplate,
        C::OrderNumberEmpty,
        C::SignerCount,
        C::SignerType,
        C::OrgNameEmpty,
        C::OrgNoEmpty,
        C::UserNameEmpty,
        C::UserNoEmpty,
        C::LicenceMismatch,
        C::SuffixEmpty,
        C::MaterialEmpty,
        C::Dangerous,
        C::WrongParameter,
        C::PlatformInternal,
    ];
    ORDER.iter().position(|known| *known == code).unwrap_or(ORDER.len())
}

/// Characters that passwords are compared without, or as others (RFC 4013): blanks other than the plain one, invisible
/// ones, combining marks, and those that stand for others, such as full-width letters.
const CHANGED_IN_PASSWORDS: [(u16, u16); 29] = [
    (0xa0, 0xa0),
    (0xa8, 0xa8),
    (0xaa, 0xaa),
    (0xad, 0xad),
    (0xaf, 0xaf),
    (0xb2, 0xb5),
    (0xb8, 0xba),
    (0xbc, 0xbe),
    (0x132, 0x133),
    (0x13f, 0x140),
    (0x149, 0x149),
    (0x17f, 0x17f),
    (0x1c4, 0x1cc),
    (0x1f1, 0x1f3),
    (0x2b0, 0x36f),
    (0x1100, 0x11ff),
    (0x1680, 0x1680),
    (0x1806, 0x180e),
    (0x1d2c, 0x1dff),
    (0x2000, 0x200f),
    (0x2024, 0x206f),
    (0x2070, 0x209c),
    (0x20d0, 0x218f),
    (0x2460, 0x24ff),
    (0x2e80, 0x3000),
    (0x3099, 0x309f),
    (0x3131, 0x33ff),
    (0xf900, 0xfaff),
    (0xfb00, 0xffef),
];

/// A field by the path of its object and its name. The text is made only when there is something to say
/// about it.
#[derive(Clone, Copy)]
struct Field<'a>(&'a str, &'a str);

impl From<Field<'_>> for String {
    fn from(Field(path, name): Field<'_>) -> String {
        if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
    }
}

struct Judge<'a> {
    context: &'a Context<'a>,
    findings: Findings,
    /// The fields with a violation: a set, because an order may have very many that are wrong.
    reported: HashSet<String>,
}

impl Judge<'_> {
    fn order<'a>(&mut self, order: &'a SignOrder) -> Option<ValidOrder<'a>> {
        let order_number =
            self.required(order.order_number.as_ref(), Code::OrderNumberEmpty, Field("", "orderNumber"));
        self.base64(order.filebase.as_ref(), Field("", "filebase"));
        match order.signers.as_deref() {
            None => self.add(Violation::new(Code::Incomplete, "signerlist")),
            Some([]) => self.add(Violation::new(Code::SignerCount, "signerlist")),
            Some(_) => {}
        }
        self.document(order);
        let subject = self.subject(text(order.subject.as_ref()));
        self.password(text(order.password.as_ref()));
        let boxes_needed = is_blank(order.tempid.as_ref());
        let signers: Vec<_> = order.signers.iter().flatten().enumerate().collect();
        // Every signer is judged, whatever is wrong with the one before.
        let signers: Vec<_> = signers
            .into_iter()
            .map(|(at, signer)| self.signer(signer, &format!("signerlist[{at}]"), boxes_needed))
            .collect();
        Some(ValidOrder {
            tempid: text(order.tempid.as_ref()),
            subject,
            password: text(order.password.as_ref()),
            filebase: order.filebase.as_ref(),
            fileformat: text(order.fileformat.as_ref()),
            order_number: order_number?,
            signers: signers.into_iter().collect::<Option<_>>()?,
        })
    }

    fn document(&mut self, order: &SignOrder) {
        let document = !self.empty(order.filebase.as_ref());
        if !document && order.filebase.as_ref().is_some_and(|given| given.raw().is_ok()) {
            // Sent, it would mean the template's own document: another contract than the one that was meant.
            let (en, zh) = ("the document has no bytes", "文档为空（0 字节）");
            self.add(Violation::new(Code::WrongParameter, "filebase").detail(en, zh));
        } else if !document && is_blank(order.tempid.as_ref()) {
            let (en, zh) = (
                "a document or a template is needed: set filebase or tempid",
                "需要文档或模板：请设置 filebase 或 tempid",
            );
            self.add(Violation::new(Code::WrongParameter, "filebase").detail(en, zh));
        }
        if document && is_blank(order.fileformat.as_ref()) {
            self.add(Violation::new(Code::SuffixEmpty, "fileformat"));
        }
    }

    /// Cuts a subject that is too long, and says so (P-10).
    fn subject<'a>(&mut self, given: &'a str) -> Cow<'a, str> {
        let Some(cut) = subject::cut(given) else { return given.into() };
        self.warn(
            "subject_cut",
            Field("", "subject"),
            "longer than 256 characters: sent cut, ending in …",
            "超过 256 个字符：截断后以 … 结尾发送",
        );
        cut.into()
    }

    /// Warns of a password that PDF programs compare in another form than it is written in.
    fn password(&mut self, password: &str) {
        let code = |character| u16::try_from(u32::from(character)).unwrap_or(0);
        let is_changed =
            |code: u16| CHANGED_IN_PASSWORDS.iter().any(|(low, high)| (*low..=*high).contains(&code));
        if password.chars().map(code).any(is_changed) {
            self.warn(
                "password_form",
                Field("", "password"),
                "PDF programs may open it only in another form: use half-width characters, composed accents, nothing invisible",
                "PDF 软件可能只接受其规范形式：请使用半角字符和合成的重音字母，不要含不可见字符",
            );
        }
    }

    fn signer<'a>(&mut self, signer: &'a Signer, path: &str, boxes_needed: bool) -> Option<ValidSigner<'a>> {
        let at = |name| Field(path, name);
        let who = match signer.sign_type {
            None => {
                self.add(Violation::new(Code::Incomplete, at("signType")));
                None
            }
            Some(ORGANISATION) => {
                let name = self.required(signer.org_name.as_ref(), Code::OrgNameEmpty, at("orgName"));
                let number = self.required(signer.org_no.as_ref(), Code::OrgNoEmpty, at("orgNo"));
                self.check_digit(signer, number, numbers::licence, at("orgNo"));
                Some((SignerKind::Organisation, name, number))
            }
            Some(PERSON) => {
                let name = self.required(signer.user_name.as_ref(), Code::UserNameEmpty, at("userName"));
                let number = self.required(signer.user_no.as_ref(), Code::UserNoEmpty, at("userNo"));
                self.check_digit(signer, number, numbers::identity_card, at("userNo"));
                Some((SignerKind::Person, name, number))
            }
            Some(_) => {
                self.add(Violation::new(Code::SignerType, at("signType")));
                None
            }
        };
        let country = signer.country_or_default();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let (en, zh) = ("must be a country code of two letters, such as CN", "应为两位国家代码，例如 CN");
            self.add(Violation::new(Code::WrongParameter, at("country")).detail(en, zh));
        }
        self.base64(signer.stampbase.as_ref(), at("stampbase"));
        self.material(signer.pic.as_ref(), at("pic"));
        self.material(signer.otherpic.as_ref(), at("otherpic"));
        let boxes = self.boxes(signer, path, boxes_needed);
        let (kind, name, number) = who?;
        Some(ValidSigner {
            kind,
            name: name?.trim(),
            number: number?.trim(),
            country,
            stampbase: signer.stampbase.as_ref(),
            pic: signer.pic.as_ref(),
            otherpic: signer.otherpic.as_ref(),
            boxes: boxes?,
        })
    }

    fn boxes(&mut self, signer: &Signer, path: &str, needed: bool) -> Option<Vec<ValidBox>> {
        let boxes = signer.signlist.as_deref().unwrap_or_default();
        if boxes.is_empty() && needed {
            let (en, zh) = (
                "without a template every signer needs a place to seal",
                "没有模板时，每个签署人都需要签署坐标",
            );
            self.add(Violation::new(Code::WrongParameter, Field(path, "signlist")).detail(en, zh));
        }
        let judged: Vec<Option<ValidBox>> = boxes
            .iter()
            .enumerate()
            .map(|(index, place)| self.signature_box(*place, &format!("{path}.signlist[{index}]")))
            .collect();
        judged.into_iter().collect()
    }

    fn signature_box(&mut self, place: SignatureBox, path: &str) -> Option<ValidBox> {
        let at = Field(path, "pagenumber");
        let page = place.page.and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0);
        if place.page.is_none() {
            self.add(Violation::new(Code::Incomplete, at));
        } else if page.is_none() {
            let (en, zh) = match place.page {
                Some(NO_NUMBER) => ("must be a whole number, such as 1", "应为整数，例如 1"),
                Some(1..) => ("no document has so many pages", "没有这么多页的文档"),
                _ => ("pages are counted from 1", "页码从 1 开始"),
            };
            self.add(Violation::new(Code::WrongParameter, at).detail(en, zh));
        }
        let at = Field(path, "position");
        match place.position {
            None => self.add(Violation::new(Code::Incomplete, at)),
            Some(given) => {
                if let Some(fault) = given.fault() {
                    self.add(Violation::new(Code::WrongParameter, at).detailed(fault));
                }
            }
        }
        Some(ValidBox { page: page?, position: place.position?.rounded() })
    }

    /// Returns a field that must be there: absent is -100, blank is the field's own code (P-19).
    fn required<'a>(&mut self, text: Option<&'a String>, code: Code, field: Field<'_>) -> Option<&'a str> {
        if text.is_none() {
            self.add(Violation::new(Code::Incomplete, field));
        } else if is_blank(text) {
            self.add(Violation::new(code, field));
        }
        text.map(String::as_str)
    }

    /// Judges ready base64: it is sent as it is, so that anything else would break out of its string.
    fn base64(&mut self, source: Option<&DocumentSource>, field: Field<'_>) {
        let Some(DocumentSource::Base64(text)) = source else { return };
        if let Some(fault) = base64_text::fault(text) {
            self.add(Violation::new(Code::WrongParameter, field).detailed(fault));
        }
    }

    fn material(&mut self, source: Option<&DocumentSource>, field: Field<'_>) {
        self.base64(source, field);
        if self.context.allow_empty_material {
            return;
        }
        if source.is_none() {
            self.add(Violation::new(Code::Incomplete, field));
        } else if self.empty(source) {
            self.add(Violation::new(Code::MaterialEmpty, field));
        }
    }

    fn empty(&self, source: Option<&DocumentSource>) -> bool {
        let blank = |source: &DocumentSource| match source.raw() {
            Err(base64) => base64.is_empty(),
            Ok(raw) => (self.context.length_of)(raw) == Some(0),
        };
        source.is_none_or(|source| source.is_blank() || blank(source))
    }

    /// Judges a check digit: a warning only, and only for Chinese numbers (P-17).
    fn check_digit(
        &mut self,
        signer: &Signer,
        number: Option<&str>,
        right: fn(&str) -> bool,
        field: Field<'_>,
    ) {
        if signer.country_or_default() == "CN"
            && number.map(str::trim).is_some_and(|number| !number.is_empty() && !right(number))
        {
            self.warn(
                "check_digit",
                field,
                "the number's check digit or length is wrong",
                "号码的校验位或长度不正确",
            );
        }
    }

    fn warn(&mut self, word: &'static str, field: Field<'_>, en: &'static str, zh: &'static str) {
        self.findings.warnings.push(Warning { word, field: field.into(), message: Bilingual::fixed(en, zh) });
    }

    /// Adds one violation a field: what reading found there says more.
    fn add(&mut self, violation: Violation) {
        if self.reported.insert(violation.field.clone()) {
            self.findings.violations.push(violation);
        }
    }
}

fn text(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}
