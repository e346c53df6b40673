//! The shape of a signature's `/ByteRange`.

use super::SignedRange;
use crate::pdf::{PdfFile, Signature};
use crate::protocol::Bilingual;

/// Returns the bytes that a signature covers, if its `/ByteRange` has the shape that it must have: `[0 a b c]`
/// inside the file, and between the two parts exactly the hexadecimal string of this signature's `/Contents`.
///
/// # Errors
/// What is wrong with the shape.
pub fn signed_range(pdf: &PdfFile, signature: &Signature) -> Result<SignedRange, Bilingual> {
    let numbers = signature.byte_range(pdf).map_err(|error| error.what)?;
    let numbers = numbers.ok_or(MISSING)?;
    let places: Option<Vec<usize>> = numbers.iter().map(|number| usize::try_from(*number).ok()).collect();
    let Some(&[start, first, behind, second]) = places.as_deref() else { return Err(NOT_FOUR) };
    if start != 0 {
        return Err(NOT_AT_START);
    }
    let end = behind.checked_add(second).filter(|end| *end <= pdf.bytes().len()).ok_or(OUTSIDE)?;
    let gap = first..behind;
    let contents = signature.object.dict().and_then(|dict| dict.get("Contents"));
    let contents = contents.ok_or(NO_CONTENTS)?;
    // The string itself must stand in the dictionary: elsewhere, others might read another one.
    if contents.value.string().is_none() || signature.object.place().is_none() {
        return Err(NO_CONTENTS);
    }
    let text = pdf.bytes().get(gap.clone()).unwrap_or_default();
    let is_hex = |inner: &[u8]| inner.len().is_multiple_of(2) && inner.iter().all(u8::is_ascii_hexdigit);
    let is_string = matches!(text, [b'<', inner @ .., b'>'] if is_hex(inner));
    if contents.span != gap || !is_string {
        return Err(WRONG_GAP);
    }
    Ok(SignedRange { gap, end })
}

const MISSING: Bilingual = Bilingual::fixed(
    "the signature says not which bytes it covers: there is no /ByteRange of whole numbers",
    "签名未说明其覆盖的字节：缺少由整数组成的 /ByteRange",
);
const NOT_FOUR: Bilingual =
    Bilingual::fixed("/ByteRange is not four numbers, none below 0", "/ByteRange 不是四个非负整数");
const NOT_AT_START: Bilingual =
    Bilingual::fixed("/ByteRange does not begin at the beginning of the file", "/ByteRange 未从文件开头开始");
const OUTSIDE: Bilingual =
    Bilingual::fixed("/ByteRange reaches past the end of the file", "/ByteRange 超出文件末尾");
const NO_CONTENTS: Bilingual = Bilingual::fixed(
    "the signature has no /Contents of its own that stands in the file",
    "签名字典中没有直接位于文件中的 /Contents",
);
const WRONG_GAP: Bilingual = Bilingual::fixed(
    "what /ByteRange leaves out is not exactly the hexadecimal string of this signature's /Contents",
    "/ByteRange 所留的空缺并非恰好是本签名 /Contents 的十六进制字符串",
);
