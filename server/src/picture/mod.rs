//! PNG and JPEG pictures: where one ends in its file, whether it is whole, and its pixels.

mod exif;
mod pixels;

use std::io::Cursor;

use png::Transformations;
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
#[derive(Debug)]
pub enum PictureError {
    /// It is larger than the limits.
    TooLarge,
    /// It is damaged or cut short; what the decoder says.
    Damaged(String),
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
        Format::Jpeg => jpeg_end(bytes),
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
    let allowance = png::Limits { bytes: limits.memory };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), allowance);
    let header = decoder.read_header_info().map_err(png_error)?;
    limits.check_sides(header.width, header.height)?;
    // Palettes and small depths become 8 bits, and so do 16.
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(png_error)?;
    let length = reader.output_buffer_size().ok_or(PictureError::TooLarge)?;
    limits.check_memory(length)?;
    let mut data = vec![0; length];
    reader.next_frame(&mut data).map_err(png_error)?;
    let channels = reader.output_color_type().0.samples();
    let info = reader.info();
    let orientation = info.exif_metadata.as_deref().and_then(exif::orientation);
    Ok(Pixels { width: info.width, height: info.height, channels, data, orientation })
}

/// Decoders fill what is missing of a JPEG with grey: it must have an end, and be read up to it without a fault.
fn decode_jpeg(bytes: &[u8], limits: Limits) -> Result<Pixels, PictureError> {
    let side = usize::try_from(limits.side).unwrap_or(usize::MAX);
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(side).set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(jpeg_error)?;
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let wanted = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let (width, height) = decoder.dimensions().ok_or(PictureError::TooLarge)?;
    let sides = (u32::try_from(width), u32::try_from(height));
    let (Ok(width), Ok(height)) = sides else { return Err(PictureError::TooLarge) };
    limits.check_memory(decoder.output_buffer_size().ok_or(PictureError::TooLarge)?)?;
    if jpeg_end(bytes).is_none() {
        return Err(PictureError::Damaged("it has no end".to_owned()));
    }
    let data = decoder.decode().map_err(jpeg_error)?;
    let orientation = decoder.exif().and_then(|exif| exif::orientation(exif));
    Ok(Pixels { width, height, channels: wanted.num_components(), data, orientation })
}

impl Limits {
    fn check_sides(self, width: u32, height: u32) -> Result<(), PictureError> {
        if width.max(height) > self.side { Err(PictureError::TooLarge) } else { Ok(()) }
    }

    fn check_memory(self, bytes: usize) -> Result<(), PictureError> {
        if bytes > self.memory { Err(PictureError::TooLarge) } else { Ok(()) }
    }
}

fn png_error(error: png::DecodingError) -> PictureError {
    match error {
        png::DecodingError::LimitsExceeded => PictureError::TooLarge,
        error => PictureError::Damaged(error.to_string()),
    }
}

fn jpeg_error(error: impl std::fmt::Debug) -> PictureError {
    PictureError::Damaged(format!("{error:?}"))
}

impl std::fmt::Display for PictureError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PictureError::TooLarge => f.write_str("it is too large"),
            PictureError::Damaged(what) => f.write_str(what),
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
