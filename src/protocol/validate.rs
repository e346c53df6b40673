//! The rules of an order (P-10 to P-19), the same for both halves: every violation at once, in the
//! order in which the platform would answer them (P-18).

use std::collections::HashSet;

use super::base64_text;
use super::bilingual::Bilingual;
use super::catalogue::Code;
use super::error::{Violation, Warning};
use super::fields::Findings;
use super::order::{ORGANISATION, PERSON, SignOrder, SignatureBox, Signer, Source, is_blank};
use super::{numbers, subject};

/// What the judging half knows besides the order.
pub struct Context<'a> {
    /// P-16: material may be empty.
    pub allow_empty_material: bool,
    /// The number of bytes of a file or attachment, when it is known.
    pub length_of: &'a dyn Fn(&Source) -> Option<u64>,
}

/// What an order is found to be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Broken rules, first what the platform would answer first. Empty: the order may be sent.
    pub violations: Vec<Violation>,
    /// Oddities that stop nothing (P-10, P-17, fields that nobody reads).
    pub warnings: Vec<Warning>,
}

/// Judges an order; `findings` are what reading it found already.
#[must_use]
pub fn validate(order: &SignOrder, findings: Findings, context: &Context<'_>) -> Verdict {
    let reported = findings.violations.iter().map(|known| known.field.clone()).collect();
    let mut judge = Judge { context, findings, reported };
    judge.order(order);
    for (at, signer) in order.signers.iter().flatten().enumerate() {
        judge.signer(signer, &format!("signerlist[{at}]"), is_blank(order.tempid.as_ref()));
    }
    let Findings { mut violations, warnings } = judge.findings;
    violations.sort_by_key(|violation| rank(violation.code));
    Verdict { violations, warnings }
}

/// The place of a code in the platform's order of checks (P-18). -55 stands before the order's state,
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
        C::NoBalance,
        C::NoTemplate,
        C::OrderNumberEmpty,
        C::AlreadySigned,
        C::BeingSigned,
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
    fn order(&mut self, order: &SignOrder) {
        self.required(order.order_number.as_ref(), Code::OrderNumberEmpty, Field("", "orderNumber"));
        self.base64(order.filebase.as_ref(), Field("", "filebase"));
        match order.signers.as_deref() {
            None => self.add(Violation::new(Code::Incomplete, "signerlist")),
            Some([]) => self.add(Violation::new(Code::SignerCount, "signerlist")),
            Some(_) => {}
        }
        let document = !self.empty(order.filebase.as_ref());
        if !document && order.filebase.as_ref().is_some_and(|given| !matches!(given, Source::Base64(_))) {
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
        if order.subject.as_deref().is_some_and(|text| subject::cut(text).is_some()) {
            self.warn(
                "subject_cut",
                Field("", "subject"),
                "longer than 256 characters: sent cut, ending in …",
                "超过 256 个字符：截断后以 … 结尾发送",
            );
        }
    }

    fn signer(&mut self, signer: &Signer, path: &str, boxes_needed: bool) {
        let at = |name| Field(path, name);
        match signer.sign_type {
            None => self.add(Violation::new(Code::Incomplete, at("signType"))),
            Some(ORGANISATION) => {
                self.required(signer.org_name.as_ref(), Code::OrgNameEmpty, at("orgName"));
                self.required(signer.org_no.as_ref(), Code::OrgNoEmpty, at("orgNo"));
                self.check_digit(signer, signer.org_no.as_ref(), numbers::licence, at("orgNo"));
            }
            Some(PERSON) => {
                self.required(signer.user_name.as_ref(), Code::UserNameEmpty, at("userName"));
                self.required(signer.user_no.as_ref(), Code::UserNoEmpty, at("userNo"));
                self.check_digit(signer, signer.user_no.as_ref(), numbers::identity_card, at("userNo"));
            }
            Some(_) => self.add(Violation::new(Code::SignerType, at("signType"))),
        }
        let country = signer.country_or_default();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let (en, zh) = ("must be a country code of two letters, such as CN", "应为两位国家代码，例如 CN");
            self.add(Violation::new(Code::WrongParameter, at("country")).detail(en, zh));
        }
        self.base64(signer.stampbase.as_ref(), at("stampbase"));
        self.material(signer.pic.as_ref(), at("pic"));
        self.material(signer.otherpic.as_ref(), at("otherpic"));
        let boxes = signer.signlist.as_deref().unwrap_or_default();
        if boxes.is_empty() && boxes_needed {
            let (en, zh) = (
                "without a template every signer needs a place to seal",
                "没有模板时，每个签署人都需要签署坐标",
            );
            self.add(Violation::new(Code::WrongParameter, at("signlist")).detail(en, zh));
        }
        for (index, place) in boxes.iter().enumerate() {
            self.place(*place, &format!("{path}.signlist[{index}]"));
        }
    }

    fn place(&mut self, place: SignatureBox, path: &str) {
        let page = Field(path, "pagenumber");
        match place.page {
            None => self.add(Violation::new(Code::Incomplete, page)),
            Some(number) if !(1..=i64::from(u32::MAX)).contains(&number) => {
                self.add(
                    Violation::new(Code::WrongParameter, page)
                        .detail("pages are counted from 1", "页码从 1 开始"),
                );
            }
            Some(_) => {}
        }
        let position = Field(path, "position");
        match place.position {
            None => self.add(Violation::new(Code::Incomplete, position)),
            Some(given) => {
                if let Some(fault) = given.fault() {
                    self.add(Violation::new(Code::WrongParameter, position).detailed(fault));
                }
            }
        }
    }

    /// P-19: absent is -100, blank is the field's own code.
    fn required(&mut self, text: Option<&String>, code: Code, field: Field<'_>) {
        if text.is_none() {
            self.add(Violation::new(Code::Incomplete, field));
        } else if is_blank(text) {
            self.add(Violation::new(code, field));
        }
    }

    /// Ready base64 is sent as it is, so that anything else would break out of its string.
    fn base64(&mut self, source: Option<&Source>, field: Field<'_>) {
        let Some(Source::Base64(text)) = source else { return };
        if let Some(fault) = base64_text::fault(text) {
            self.add(Violation::new(Code::WrongParameter, field).detailed(fault));
        }
    }

    fn material(&mut self, source: Option<&Source>, field: Field<'_>) {
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

    fn empty(&self, source: Option<&Source>) -> bool {
        source.is_none_or(|source| source.is_blank() || (self.context.length_of)(source) == Some(0))
    }

    /// P-17: a warning only, and only for Chinese numbers.
    fn check_digit(
        &mut self,
        signer: &Signer,
        number: Option<&String>,
        right: fn(&str) -> bool,
        field: Field<'_>,
    ) {
        if signer.country_or_default() == "CN"
            && number.map(|number| number.trim()).is_some_and(|number| !number.is_empty() && !right(number))
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

    /// One violation a field: what reading found there says more.
    fn add(&mut self, violation: Violation) {
        if self.reported.insert(violation.field.clone()) {
            self.findings.violations.push(violation);
        }
    }
}
