//! The schema of an order, as it is sent.

use serde_json::{Value, json};
use wosigndoc::protocol::limits::{
    DEFAULT_COUNTRY, MAX_CHARACTERS, MAX_PASSWORD, MAX_PLACES, MAX_SIGNERS, SUFFIX,
};
use wosigndoc::protocol::order::{ORGANISATION, PERSON};
use wosigndoc::protocol::subject::MAX_UNITS;
use wosigndoc::protocol::wire::CREATE_SIGN_ORDER;

use super::{base64, described, examples, id, not_blank, said};

pub fn schema() -> Value {
    json!({
        "$schema": super::DRAFT,
        "$id": id("order"),
        "title": CREATE_SIGN_ORDER,
        "description": said(
            "A signing order as it is sent: UTF-8, compact, its fields in this order. A platform reads more than this.",
            "签署订单的发送格式：UTF-8，紧凑，字段按此顺序。平台接受的写法比这里多。",
            &[5, 6],
        ),
        "type": "object",
        "required": ["tokenid", "actiontype", "orderNumber", "signerlist"],
        "properties": properties(),
        "allOf": [document_or_template(), suffix(), places()],
        "$defs": { "Base64": base64(), "Material": material(), "Signer": signer(), "Place": place() },
        "examples": [
            examples::parsed(&examples::order("T-0001", "A-1")),
            examples::parsed(&examples::by_template("T-0001", "A-2", "sandbox-contract")),
        ],
    })
}

fn properties() -> Value {
    let text =
        |en: &str, zh: &str, rules: &[u32]| described(json!({ "type": "string" }), said(en, zh, rules));
    json!({
        "tokenid": described(json!({ "type": "string", "minLength": 1 }), said(
            "The caller's TokenID. Absent: -100; unknown: -65; disabled: -67.",
            "调用方的 TokenID。缺少：-100；不存在：-65；已禁用：-67。", &[18, 19])),
        "actiontype": described(json!({ "const": CREATE_SIGN_ORDER }), said(
            "The action. Any other: -64.", "动作。其他值：-64。", &[18])),
        "tempid": text("Id of a template; empty or absent: no template. Unknown: -43.",
            "模板 id；空或缺少表示不用模板。不存在：-43。", &[11]),
        "subject": described(json!({ "type": "string", "maxLength": MAX_UNITS }), said(
            format!("Subject: at most {MAX_UNITS} UTF-16 units (maxLength counts characters). Longer ones are cut. Empty: the template's."),
            format!("主题：最多 {MAX_UNITS} 个 UTF-16 单元（maxLength 按字符计）。超出部分会被截断。空：用模板的主题。"), &[10])),
        "password": described(json!({ "type": "string", "maxLength": MAX_PASSWORD }), said(
            format!("Opens the signed document; empty: not encrypted. At most {MAX_PASSWORD} bytes of UTF-8 (maxLength counts characters)."),
            format!("已签署文档的打开密码；空表示不加密。最多 {MAX_PASSWORD} 字节 UTF-8（maxLength 按字符计）。"), &[17])),
        "filebase": described(json!({ "$ref": "#/$defs/Base64" }), said(
            "The document; absent or empty: the template's own.", "文档；缺少或空：用模板的文档。", &[11])),
        "fileformat": text(
            &format!("Suffix of filebase in lower case, without its dot; {SUFFIX} is what wosigndoc-server signs. Empty beside a document: -56."),
            &format!("filebase 的后缀，小写，不含点；wosigndoc-server 只签署 {SUFFIX}。有文档而后缀为空：-56。"), &[12]),
        "orderNumber": described(name(), said(
            "The caller's unique id of this contract: the same one again is -46 or -47. Empty: -55.",
            "该合同在调用方系统中的唯一标识：重复提交得到 -46 或 -47。空：-55。", &[15, 23])),
        "signerlist": described(
            json!({ "type": "array", "minItems": 1, "maxItems": MAX_SIGNERS, "items": { "$ref": "#/$defs/Signer" } }),
            said(
                format!("The signers, in the order in which they sign. None, or more than {MAX_SIGNERS}: -48."),
                format!("签署人，按签署顺序。没有或超过 {MAX_SIGNERS} 个：-48。"), &[15])),
    })
}

/// A text that is not blank, of bounded length.
fn name() -> Value {
    json!({ "type": "string", "maxLength": MAX_CHARACTERS, "pattern": "\\S" })
}

/// P-11.
fn document_or_template() -> Value {
    described(
        json!({ "anyOf": [
            { "required": ["filebase"], "properties": { "filebase": { "minLength": 1 } } },
            { "required": ["tempid"], "properties": { "tempid": not_blank() } },
        ] }),
        said("A document or a template is needed; neither: -79.", "需要文档或模板；都没有：-79。", &[11]),
    )
}

/// P-12.
fn suffix() -> Value {
    described(
        json!({
            "if": { "required": ["filebase"], "properties": { "filebase": { "minLength": 1 } } },
            "then": { "required": ["fileformat"], "properties": { "fileformat": { "pattern": "^[^\\s.]" } } },
        }),
        said("A document needs its suffix: -56.", "文档需要后缀：-56。", &[12]),
    )
}

/// P-13.
fn places() -> Value {
    let placed = json!({ "required": ["signlist"], "properties": { "signlist": { "minItems": 1 } } });
    described(
        json!({
            "if": { "required": ["tempid"], "properties": { "tempid": not_blank() } },
            "else": { "properties": { "signerlist": { "items": placed } } },
        }),
        said(
            "Without a template every signer needs a place: -79.",
            "没有模板时，每个签署人都需要签署坐标：-79。",
            &[13],
        ),
    )
}

fn signer() -> Value {
    let kind = |number: i64, fields: [&str; 2]| {
        let [name, no] = fields;
        json!({
            "if": { "required": ["signType"], "properties": { "signType": { "const": number } } },
            "then": { "required": fields, "properties": { name: not_blank(), no: not_blank() } },
        })
    };
    json!({
        "title": "Signer",
        "description": said("An organisation or a person.", "单位或个人。", &[15]),
        "type": "object",
        "required": ["signType", "pic", "otherpic"],
        "properties": signer_properties(),
        "allOf": [kind(ORGANISATION, ["orgName", "orgNo"]), kind(PERSON, ["userName", "userNo"])],
    })
}

fn signer_properties() -> Value {
    // What goes into a certificate has no control characters.
    let certified = json!({ "type": "string", "maxLength": MAX_CHARACTERS, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" });
    let material = || json!({ "$ref": "#/$defs/Material" });
    json!({
        "signType": described(json!({ "enum": [ORGANISATION, PERSON] }), said(
            format!("{ORGANISATION}: organisation, {PERSON}: person. Anything else: -49."),
            format!("{ORGANISATION}：单位，{PERSON}：个人。其他值：-49。"), &[15])),
        "orgName": described(certified.clone(), said(
            "Name on the business licence. Empty: -51; registered otherwise: -50.",
            "营业执照上的名称。空：-51；与登记不符：-50。", &[15])),
        "orgNo": described(certified.clone(), said(
            "Licence number. Empty: -52. A wrong check digit is no error.",
            "营业执照号。空：-52。校验位不正确不算错误。", &[15, 17])),
        "userName": described(certified, said("Name on the identity card. Empty: -53.", "身份证上的姓名。空：-53。", &[15])),
        "userNo": described(json!({ "type": "string", "maxLength": MAX_CHARACTERS }), said(
            "Identity number. Empty: -54. A wrong check digit is no error.",
            "身份证号码。空：-54。校验位不正确不算错误。", &[15, 17])),
        "country": described(json!({ "type": "string", "pattern": "^[A-Z]{2}$", "default": DEFAULT_COUNTRY }), said(
            format!("ISO 3166-1 alpha-2; sent only when it is not {DEFAULT_COUNTRY}."),
            format!("ISO 3166-1 两位字母代码；不是 {DEFAULT_COUNTRY} 时才发送。"), &[])),
        "stampbase": described(json!({ "$ref": "#/$defs/Base64" }), said(
            "Picture of the seal, PNG or JPEG; empty or absent: the platform draws one.",
            "印章图片，PNG 或 JPEG；空或缺少时由平台绘制。", &[])),
        "pic": described(material(), said("Scan of the licence or identity card. Empty: -57.", "营业执照或身份证扫描件。空：-57。", &[16])),
        "otherpic": described(material(), said("Other material. Empty: -57.", "其他材料。空：-57。", &[16])),
        "signlist": described(
            json!({ "type": "array", "maxItems": MAX_PLACES, "items": { "$ref": "#/$defs/Place" } }),
            said(
                format!("Places to seal; of all signers together at most {MAX_PLACES}."),
                format!("签署坐标；所有签署人合计最多 {MAX_PLACES} 处。"), &[13])),
    })
}

fn material() -> Value {
    json!({
        "title": "Material",
        "description": said(
            "A picture, PNG or JPEG. For a platform that knows its signers (allow_empty_material) set minLength to 0.",
            "图片，PNG 或 JPEG。若平台已认识签署人（allow_empty_material），请将 minLength 设为 0。", &[16]),
        "$ref": "#/$defs/Base64",
        "minLength": 1,
    })
}

fn place() -> Value {
    let fraction = r"(0(\.[0-9]{1,4})?|1(\.0{1,4})?)";
    json!({
        "title": "Place",
        "description": said("Where a seal goes.", "印章的位置。", &[14]),
        "type": "object",
        "required": ["pagenumber", "position"],
        "properties": {
            "pagenumber": described(json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }), said(
                "Page, counted from 1.", "页码，从 1 开始。", &[14])),
            "position": described(json!({ "type": "string", "pattern": format!("^{fraction}(,{fraction}){{3}}$") }), said(
                "left,bottom,right,top: fractions of the page as displayed, from its lower left corner, with at most four decimals. A schema cannot say it: left is less than right, bottom less than top.",
                "左,下,右,上：占所显示页面的比例，原点在左下角，最多四位小数。模式无法表达的是：左小于右，下小于上。", &[14])),
        },
    })
}
