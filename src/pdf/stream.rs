//! Unpacks the streams that hold a PDF's structure, within limits.

use std::borrow::Cow;
use std::io::Read;

use super::error::{PdfError, Result};
use super::filters;
use super::value::{Dict, Value};

/// Returns the bytes that a stream stands for: unfiltered, or packed by the filters that are not for pictures, with
/// the predictors of PNG and TIFF.
///
/// All steps together may come to `left` bytes; what they come to is taken from it, also when they fail.
pub fn unpack(dict: &Dict, raw: &[u8], left: &mut usize) -> Result<Vec<u8>> {
    let filters = list(dict, "Filter").or_else(|| list(dict, "F")).unwrap_or_default();
    let parameters = list(dict, "DecodeParms").or_else(|| list(dict, "DP")).unwrap_or_default();
    if filters.len() > 4 {
        return Err(unsupported());
    }
    let mut data = Cow::Borrowed(raw);
    for (index, filter) in filters.iter().enumerate() {
        let parameters = match parameters.get(index) {
            None | Some(Value::Null) => None,
            Some(value) => Some(value.dict().ok_or_else(unsupported)?),
        };
        data = Cow::Owned(unfilter(filter, parameters, &data, left)?);
        if let Some(parameters) = parameters {
            data = Cow::Owned(undo_predictor(parameters, data.into_owned(), left)?);
        }
    }
    if filters.is_empty() {
        take(left, data.len())?;
    }
    Ok(data.into_owned())
}

/// Undoes one filter.
fn unfilter(filter: &Value, parameters: Option<&Dict>, data: &[u8], left: &mut usize) -> Result<Vec<u8>> {
    let unpacked = match filter.name() {
        // Inflating takes as it goes.
        Some(b"FlateDecode" | b"Fl") => return inflate(data, left),
        // It says how the stream is encrypted, and that is undone.
        Some(b"Crypt") => data.to_vec(),
        Some(b"ASCIIHexDecode" | b"AHx") => filters::ascii_hex(data),
        Some(b"ASCII85Decode" | b"A85") => filters::ascii_85(data, *left),
        Some(b"RunLengthDecode" | b"RL") => filters::run_length(data, *left),
        Some(b"LZWDecode" | b"LZW") => {
            let early = parameters.and_then(|parameters| parameters.get("EarlyChange"));
            filters::lzw(data, early.and_then(|item| item.value.integer()) != Some(0), *left)
        }
        _ => return Err(unsupported()),
    };
    take(left, unpacked.len())?;
    Ok(unpacked)
}

/// Takes so many bytes from what is left.
pub fn take(left: &mut usize, bytes: usize) -> Result<()> {
    let rest = left.checked_sub(bytes);
    *left = rest.unwrap_or_default();
    rest.map(drop).ok_or_else(too_large)
}

/// Returns one value or an array of them, as filters are written; `None` if there is no such entry. `F` and `DP`, which
/// some readers take for the names in full, are a file's elsewhere.
fn list<'a>(dict: &'a Dict, key: &str) -> Option<Vec<&'a Value>> {
    match &dict.get(key)?.value {
        Value::String(_) | Value::Dict(_) if key == "F" => None,
        Value::Array(items) => Some(items.iter().map(|item| &item.value).collect()),
        value => Some(vec![value]),
    }
}

fn inflate(data: &[u8], left: &mut usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let limit = u64::try_from(*left).unwrap_or(u64::MAX).saturating_add(1);
    let read = flate2::read::ZlibDecoder::new(data).take(limit).read_to_end(&mut out);
    take(left, out.len())?;
    out.shrink_to_fit();
    // A missing check sum at the end is common and harms nothing that was read.
    if read.is_err() && out.is_empty() {
        return Err(PdfError::damaged("a stream cannot be unpacked", "有数据流无法解压"));
    }
    Ok(out)
}

/// Says whether packed bytes are these, by a reader that forgives nothing: no end that is missing, no wrong check sum, and
/// no piece copied from before the beginning.
pub fn is_whole(packed: &[u8], plain: &[u8]) -> bool {
    let mut inflater = flate2::Decompress::new(true);
    let mut out = vec![0; plain.len()];
    // All at once, so that the bytes before the beginning are none.
    let ended = inflater.decompress(packed, &mut out, flate2::FlushDecompress::Finish);
    let read = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
    matches!(ended, Ok(flate2::Status::StreamEnd))
        && out == plain
        // Some writers count the line end before the last word to the data.
        && packed.get(read..).is_some_and(|rest| rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')))
}

/// Returns a number among the parameters of a filter, or what it is without an entry.
pub fn parameter(parameters: &Dict, key: &str, default: usize) -> Option<usize> {
    parameters.get(key).map_or(Some(default), |item| item.value.index())
}

fn undo_predictor(parameters: &Dict, data: Vec<u8>, left: &mut usize) -> Result<Vec<u8>> {
    let number = |key, default| parameter(parameters, key, default);
    let predictor = number("Predictor", 1).ok_or_else(unsupported)?;
    if predictor == 1 {
        return Ok(data);
    }
    let columns = number("Columns", 1).filter(|n| (1..=1 << 20).contains(n)).ok_or_else(unsupported)?;
    let colors = number("Colors", 1).filter(|n| (1..=32).contains(n)).ok_or_else(unsupported)?;
    if number("BitsPerComponent", 8) != Some(8) {
        return Err(unsupported());
    }
    let row = columns * colors;
    // One row may be far longer than what there is to fill it with.
    take(left, data.len().max(row))?;
    match predictor {
        2 => Ok(undo_tiff(data, row, colors)),
        10..=15 => Ok(undo_png(&data, row, colors)),
        _ => Err(unsupported()),
    }
}

fn undo_tiff(mut data: Vec<u8>, row: usize, colors: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        let mut left = vec![0_u8; colors];
        for pixel in line.chunks_mut(colors) {
            for (byte, before) in pixel.iter_mut().zip(left.iter_mut()) {
                *byte = byte.wrapping_add(*before);
                *before = *byte;
            }
        }
    }
    data
}

fn undo_png(data: &[u8], row: usize, colors: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    for line in data.chunks(row + 1) {
        let Some((&kind, packed)) = line.split_first() else { continue };
        let mut current = packed.to_vec();
        current.resize(row, 0);
        for index in 0..row {
            let at = |line: &[u8], i: Option<usize>| i.and_then(|i| line.get(i)).copied().unwrap_or(0);
            let left = at(&current, index.checked_sub(colors));
            let up = at(&above, Some(index));
            let corner = at(&above, index.checked_sub(colors));
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            if let Some(byte) = current.get_mut(index) {
                *byte = byte.wrapping_add(guess);
            }
        }
        out.extend_from_slice(&current);
        above = current;
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |byte: u8| (guess - i16::from(byte)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

fn unsupported() -> PdfError {
    PdfError::unsupported(
        "a stream is packed in a way that is not known here",
        "有数据流采用了不支持的压缩方式",
    )
}

/// Says that streams unpack to more than is read.
pub fn too_large() -> PdfError {
    PdfError::too_costly("its streams are too large when unpacked", "数据流解压后过大")
}
