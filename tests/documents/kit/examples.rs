//! The kit's examples: an order with a document of one page, its answers, its pushes. The code lays each of them out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wosigndoc::client::{OrderSettings, order_wire};
use wosigndoc::protocol::{Code, Violation, hex, push};

/// A picture of one pixel, PNG, in base64: the smallest material.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";

/// The platform's id of the example order.
const SIGNID: &str = "837e0f97-f742-4162-97da-6cfdf4d23c82";

/// A PDF of one page with a line of text.
pub fn document() -> Vec<u8> {
    let text = "BT /F 24 Tf 72 720 Td (Example contract) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    crate::paper::laid_out(&objects)
}

/// The body of an order, with its own document and places.
pub fn order(tokenid: &str, number: &str) -> String {
    let place = |position: &str| json!([{ "pagenumber": 1, "position": position }]);
    let mut order = signed_by(number, [place("0.15,0.2,0.4,0.38"), place("0.6,0.2,0.8,0.32")]);
    order["filebase"] = STANDARD.encode(document()).into();
    order["fileformat"] = "pdf".into();
    laid_out(tokenid, &order)
}

/// The body of an order by a template, which has document and places.
pub fn by_template(tokenid: &str, number: &str, tempid: &str) -> String {
    let mut order = signed_by(number, [json!([]), json!([])]);
    order["tempid"] = tempid.into();
    laid_out(tokenid, &order)
}

fn signed_by(number: &str, [first, second]: [Value; 2]) -> Value {
    json!({"orderNumber": number, "subject": "示例合同", "signerlist": [
        {"signType": 1, "orgName": "云杉软件（示例）有限公司", "orgNo": "91350100M000100Y43",
         "pic": PICTURE, "otherpic": PICTURE, "signlist": first},
        {"signType": 2, "userName": "李明", "userNo": "11010519491231002X",
         "pic": PICTURE, "otherpic": PICTURE, "signlist": second},
    ]})
}

fn laid_out(tokenid: &str, order: &Value) -> String {
    let settings = OrderSettings::from_json(json!({ "tokenid": tokenid }).to_string().as_bytes()).unwrap();
    let (body, about) = order_wire(&settings, order.to_string().as_bytes(), &[]).unwrap();
    assert_eq!(about["warnings"], json!([]));
    String::from_utf8(body).unwrap()
}

/// The answer to an order that is accepted.
pub fn accepted() -> Value {
    json!({ "status": 1, "errorcode": 0, "signid": SIGNID, "orderNumber": "A-1" })
}

/// The answer to one that is not.
pub fn refused() -> Value {
    let violation = Violation::new(Code::UserNoEmpty, "signerlist[1].userNo").to_json();
    json!({ "status": 0, "errorcode": violation["code"], "message": violation["message"],
        "message_zh": violation["message_zh"], "field": violation["field"], "orderNumber": "A-1" })
}

/// The push of the document, as if it were signed.
pub fn pushed() -> String {
    let document = document();
    let sha256 = hex::encode(&Sha256::digest(&document));
    let plan = push::signed(SIGNID, "A-1", document.as_slice(), document.len() as u64, &sha256);
    String::from_utf8(plan.into_pieces().collect().unwrap()).unwrap()
}

/// The push of an order that failed.
pub fn failed() -> String {
    let plan = push::failed::<&[u8]>(SIGNID, "A-1", &[Code::PlatformInternal.number()]);
    String::from_utf8(plan.into_pieces().collect().unwrap()).unwrap()
}

/// A body as data.
pub fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}
