//! PNG and JPEG pictures: where one ends in its file, whether it is whole, and its pixels.

mod exif;
mod pixels;
mod whole;

use std::io::Cursor;

use png::Transformations;
use wosigndoc::protocol::Bilingual;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

pub use self::pixels::{Pixels, Rgba};

/// The formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
}

/// How large a picture may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest width and height, in pixels.
    pub side: u32,
    /// The largest memory of its decoded bytes.
    pub memory: usize,
}

/// The reason why a picture cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// It is larger than the limits; its width and height in pixels.
    TooLarge(u32, u32),
    /// It is damaged or cut short.
    Damaged,
}

impl Format {
    /// Returns the format that a file's first bytes tell of.
    pub fn of(bytes: &[u8]) -> Option<Format> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Format::Png);
        }
        bytes.starts_with(b"\xff\xd8\xff").then_some(Format::Jpeg)
    }
}

/// Returns the first byte behind a picture; `None` if it has no end.
pub fn end(bytes: &[u8], format: Format) -> Option<usize> {
    match format {
        Format::Png => png_end(bytes),
        Format::Jpeg => whole::end(bytes),
    }
}

/// Reads a picture, as its file has it: a camera may have been held another way up.
///
/// # Errors
/// It is too large, damaged or cut short.
pub fn decode(bytes: &[u8], format: Format, limits: Limits) -> Result<Pixels, PictureError> {
    match format {
        Format::Png => decode_png(bytes, limits),
        Format::Jpeg => decode_jpeg(bytes, limits),
    }
}

fn decode_png(bytes: &[u8], limits: Limits) -> Result<Pixels, PictureError> {
    let damaged = |_| PictureError::Damaged;
    let allowance = png::Limits { bytes: limits.memory };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), allowance);
    let (width, height) = decoder.read_header_info().map_err(damaged)?.size();
    let too_large = PictureError::TooLarge(width, height);
    let fault = |error| match error {
        png::DecodingError::LimitsExceeded => too_large,
        _ => PictureError::Damaged,
    };
    limits.check_sides(width, height)?;
    // Palettes and small depths become 8 bits, and so do 16.
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(fault)?;
    let length = reader.output_buffer_size().filter(|length| *length <= limits.memory).ok_or(too_large)?;
    let mut data = vec![0; length];
    reader.next_frame(&mut data).map_err(fault)?;
    let channels = reader.output_color_type().0.samples();
    let info = reader.info();
    let orientation = info.exif_metadata.as_deref().and_then(exif::orientation);
    Ok(Pixels { width, height, channels, data, orientation })
}

/// Decoders fill what is missing of a JPEG with grey, so it is also looked at whether anything is.
fn decode_jpeg(bytes: &[u8], limits: Limits) -> Result<Pixels, PictureError> {
    let damaged = PictureError::Damaged;
    // The format itself has no longer sides; the limits are held against what its header says.
    let longest = usize::from(u16::MAX);
    let options =
        DecoderOptions::default().set_strict_mode(true).set_max_width(longest).set_max_height(longest);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| damaged)?;
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let wanted = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let (width, height) = decoder.dimensions().ok_or(damaged)?;
    let side = |side| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(width), side(height));
    limits.check_sides(width, height)?;
    if decoder.output_buffer_size().is_none_or(|length| length > limits.memory) {
        return Err(PictureError::TooLarge(width, height));
    }
    if !whole::is_whole(bytes, limits.memory) {
        return Err(damaged);
    }
    let data = decoder.decode().map_err(|_| damaged)?;
    let orientation = decoder.exif().and_then(|exif| exif::orientation(exif));
    Ok(Pixels { width, height, channels: wanted.num_components(), data, orientation })
}

impl Limits {
    fn check_sides(self, width: u32, height: u32) -> Result<(), PictureError> {
        if width.max(height) > self.side { Err(PictureError::TooLarge(width, height)) } else { Ok(()) }
    }
}

impl PictureError {
    /// Says what is wrong with a picture that was held against these limits, and what to do.
    pub fn what(self, limits: Limits) -> Bilingual {
        match self {
            PictureError::Damaged => Bilingual::fixed(
                "the picture is damaged or cut short; scan it again, or save it anew from an image editor",
                "图片已损坏或不完整；请重新扫描，或用图像软件另存",
            ),
            PictureError::TooLarge(width, height) => {
                let Limits { side, memory } = limits;
                let memory = memory >> 20;
                Bilingual::new(
                    format!(
                        "the picture has {width} by {height} pixels; at most {side} a side and {memory} MB unpacked are taken: scale it down"
                    ),
                    format!(
                        "图片为 {width}×{height} 像素；每边最多 {side} 像素，解码后最多 {memory} MB，请缩小后再提交"
                    ),
                )
            }
        }
    }
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
