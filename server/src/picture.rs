//! Where a picture ends in its file, and whether a JPEG is whole: decoders fill what is missing with grey.

use image::ImageFormat;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Returns the first byte behind a PNG or JPEG; `None` if it has no end.
pub fn end(bytes: &[u8], format: ImageFormat) -> Option<usize> {
    if format == ImageFormat::Png { png_end(bytes) } else { jpeg_end(bytes) }
}

/// Goes from chunk to chunk: the bytes of the last one may stand anywhere.
fn png_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 8_usize;
    loop {
        let chunk = bytes.get(at..)?;
        let length = usize::try_from(u32::from_be_bytes(*chunk.first_chunk()?)).ok()?;
        at = at.checked_add(length)?.checked_add(12)?;
        if chunk.get(4..8)? == b"IEND" {
            return (at <= bytes.len()).then_some(at);
        }
    }
}

/// Goes from segment to segment: a preview in one of them has an end of its own.
fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 2_usize;
    loop {
        let is_marker = |pair: &[u8]| matches!(pair, [0xff, 2..=0xcf | 0xd8..=0xfe]);
        at += bytes.get(at..)?.windows(2).position(is_marker)? + 2;
        match bytes.get(at - 1)? {
            0xd9 => return Some(at),
            0xd8 => {}
            _ => at += usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)),
        }
    }
}

/// Returns whether a JPEG of at most this side and memory, in bytes, has an end and is read up to it without a fault.
pub fn jpeg_is_whole(bytes: &[u8], side: u32, memory: u64) -> bool {
    let side = usize::try_from(side).unwrap_or(usize::MAX);
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(side).set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    if decoder.decode_headers().is_err() {
        return false;
    }
    let fits = |size: usize| u64::try_from(size).is_ok_and(|size| size <= memory);
    decoder.output_buffer_size().is_some_and(fits) && jpeg_end(bytes).is_some() && decoder.decode().is_ok()
}
