//! Orders through reading, judging and laying out.

use super::fields::Findings;
use super::order::{DocumentSource, RawSource};
use super::stream::{Plan, Segment};
use super::validate::{Context, validate};
use super::wire::plan;
use super::{Code, SignOrder, SignatureBox, Signer};

fn unknown_length(_: RawSource<'_>) -> Option<u64> {
    None
}

fn context(allow_empty_material: bool) -> Context<'static> {
    Context { allow_empty_material, length_of: &unknown_length }
}

type Found<T> = Vec<(T, String)>;

/// The violations and the warnings of an order, as pairs of code or word and field.
fn judge(json: &str) -> (Found<Code>, Found<&'static str>) {
    let (order, findings) = SignOrder::from_json(json.as_bytes()).unwrap();
    let verdict = validate(&order, findings, &context(false));
    let violations = verdict.violations().iter().map(|v| (v.code, v.field.clone())).collect();
    (violations, verdict.warnings.into_iter().map(|w| (w.word, w.field)).collect())
}

fn written(plan: &Plan<String>) -> String {
    let text = |segment: &Segment<String>| match segment {
        Segment::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        Segment::Encode { source, length } => format!("<{source} {length}>"),
    };
    plan.segments.iter().map(text).collect()
}

/// Covers P-5, P-10: the body is compact, in the protocol's order of fields, with the subject cut.
#[test]
fn lays_out_the_body() {
    let order =
        SignOrder::new("A-1").document(DocumentSource::Attachment(0), ".PDF").subject("租赁\"合同").signer(
            Signer::organisation("沃通", " 440301103308619 ")
                .materials(DocumentSource::Base64("QQ==".into()), DocumentSource::Path("b.png".into()))
                .sign_at(1, 0.3, 0.57, 0.46, 0.69),
        );
    let valid = validate(&order, Findings::default(), &context(false)).outcome.unwrap();
    let plan = plan(&valid, "t\\1", &|_, field| Ok((field.to_owned(), 4))).unwrap();
    let body = written(&plan);
    assert_eq!(
        body,
        concat!(
            r#"{"tokenid":"t\\1","actiontype":"CreateSignOrder","tempid":"","subject":"租赁\"合同","password":"","#,
            r#""filebase":"<filebase 4>","fileformat":"pdf","orderNumber":"A-1","signerlist":[{"signType":1,"#,
            r#""orgName":"沃通","orgNo":"440301103308619","stampbase":"","pic":"QQ==","otherpic":"<signerlist[0].otherpic 4>","#,
            r#""signlist":[{"pagenumber":1,"position":"0.3,0.57,0.46,0.69"}]}]}"#,
        )
    );
    // Each of the two encoded sources stands for eight characters.
    let placeholders = "<filebase 4>".len() + "<signerlist[0].otherpic 4>".len();
    assert_eq!(plan.content_length(), (body.len() - placeholders + 16) as u64);
}

/// Covers P-11, P-12, P-13, P-15, P-19: all violations at once, in the platform's order (P-18).
#[test]
fn reports_every_violation_in_the_platforms_order() {
    let (found, _) = judge(
        r#"{"orderNumber":" ","filebase":"QQ==","signerlist":[{"signType":"2","userName":"","userNo":"x","pic":""},
            {"signType":3,"pic":"QQ==","otherpic":"!"}]}"#,
    );
    assert_eq!(
        found.iter().map(|(code, field)| (*code, field.as_str())).collect::<Vec<_>>(),
        [
            (Code::Incomplete, "signerlist[0].otherpic"),
            (Code::OrderNumberEmpty, "orderNumber"),
            (Code::SignerType, "signerlist[1].signType"),
            (Code::UserNameEmpty, "signerlist[0].userName"),
            (Code::SuffixEmpty, "fileformat"),
            (Code::MaterialEmpty, "signerlist[0].pic"),
            (Code::WrongParameter, "signerlist[0].signlist"),
            (Code::WrongParameter, "signerlist[1].otherpic"),
            (Code::WrongParameter, "signerlist[1].signlist"),
        ]
    );
}

/// Covers P-6, P-17: unknown fields and wrong check digits are warnings, not errors.
#[test]
fn warns_without_refusing() {
    let (violations, warnings) = judge(
        r#"{"ORDERNUMBER":7,"tempid":"T","colour":1,"SignerList":[{"signtype":2,"username":"张三",
            "userNo":"212125668686868888","pic":"QQ==","otherpic":"QQ=="}]}"#,
    );
    assert_eq!(violations, []);
    let words: Vec<_> = warnings.iter().map(|(word, field)| (*word, field.as_str())).collect();
    assert_eq!(words, [("unknown_field", "colour"), ("check_digit", "signerlist[0].userNo")]);
}

/// Covers P-5: base64 that a program sets is checked like base64 in JSON: it could break out of its string.
#[test]
fn refuses_what_is_no_base64_however_it_was_set() {
    let text = |text: &str| DocumentSource::Base64(text.into());
    let order = SignOrder::new("A-1").document(text("\",\"tempid\":\"x"), "pdf").signer(
        Signer::organisation("沃通", "440301103308619")
            .materials(text("/etc/passwd"), text("QQ=="))
            .stamp(text("!"))
            .sign_at(1, 0.3, 0.57, 0.46, 0.69),
    );
    let verdict = validate(&order, Findings::default(), &context(true));
    let found: Vec<_> = verdict.violations().iter().map(|v| (v.code.number(), v.field.as_str())).collect();
    assert_eq!(found, [(-79, "filebase"), (-79, "signerlist[0].stampbase"), (-79, "signerlist[0].pic")]);
}

/// Covers P-17: a number is judged as it is sent, without the blanks around it.
#[test]
fn judges_numbers_without_blanks() {
    let order = SignOrder::new("A-1").template("T").signer(
        Signer::organisation("沃通", " 440301103308619 ")
            .materials(DocumentSource::Base64("QQ==".into()), DocumentSource::Base64("QQ==".into())),
    );
    let verdict = validate(&order, Findings::default(), &context(false));
    assert_eq!((verdict.violations(), verdict.warnings.as_slice()), (&[][..], &[][..]));
    assert_eq!(verdict.outcome.unwrap().signers[0].number, "440301103308619");
}

/// Covers P-18: every violation of an order with very many, in a time that grows with their number only.
#[test]
fn lists_very_many_violations() {
    let signers = 200_000;
    let (violations, _) = judge(&format!("{{\"signerlist\":[{{}}{}]}}", ",{}".repeat(signers - 1)));
    // Without orderNumber and document; each signer without kind, pictures and places.
    assert_eq!(violations.len(), 2 + 4 * signers);
}

/// Covers P-14: a box with half of what it needs is a violation, never one box fewer in the body.
#[test]
fn drops_no_box_in_silence() {
    let mut signer = Signer::organisation("沃通", "440301103308619").sign_at(1, 0.3, 0.57, 0.46, 0.69);
    signer
        .signlist
        .get_or_insert_default()
        .push(SignatureBox { page: None, ..SignatureBox::new(1, 0.1, 0.1, 0.2, 0.2) });
    let order = SignOrder::new("A-1").template("T").signer(signer);
    let verdict = validate(&order, Findings::default(), &context(true));
    let found: Vec<_> = verdict.violations().iter().map(|v| (v.code, v.field.as_str())).collect();
    assert_eq!(found, [(Code::Incomplete, "signerlist[0].signlist[1].pagenumber")]);
}
