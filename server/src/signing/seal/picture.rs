//! A given seal picture, decoded within limits and made ready for a PDF.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::picture::jpeg_is_whole;
use crate::signing::error::{Result, SigningError, SigningReason};

/// Longest side of a picture that is taken.
const MAX_SIDE: u32 = 8192;
/// Most memory that decoding may take.
const MAX_MEMORY: u64 = 256 << 20;
/// A longer side is scaled down to this: 1,600 dots print a box of 6 cm at more than 600 dots an inch.
const USEFUL_SIDE: u32 = 1600;

/// A picture as a PDF holds it: 8 bits of red, green and blue, and transparency apart.
pub struct Picture {
    /// Width in dots.
    pub width: u32,
    /// Height in dots.
    pub height: u32,
    /// The colours, packed by zlib.
    pub colours: Vec<u8>,
    /// The opacity, packed by zlib; `None` if the picture is opaque.
    pub opacity: Option<Vec<u8>>,
}

impl Picture {
    /// Decodes a PNG or JPEG of whatever depth and colour model.
    pub fn decode(bytes: &[u8]) -> Result<Picture> {
        let image = decode(bytes)?;
        let longest = image.width().max(image.height());
        let image = if longest > USEFUL_SIDE { image.thumbnail(USEFUL_SIDE, USEFUL_SIDE) } else { image };
        let rgba = image.into_rgba8();
        let pixels = || rgba.pixels().map(|pixel| pixel.0);
        let opaque = pixels().all(|[_, _, _, alpha]| alpha == 255);
        let colours: Vec<u8> = pixels().flat_map(|[red, green, blue, _]| [red, green, blue]).collect();
        let opacity: Option<Vec<u8>> = (!opaque).then(|| pixels().map(|[_, _, _, alpha]| alpha).collect());
        Ok(Picture {
            width: rgba.width(),
            height: rgba.height(),
            colours: deflate(&colours, 6),
            opacity: opacity.map(|opacity| deflate(&opacity, 6)),
        })
    }
}

fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(SigningError::new(
            SigningReason::Picture,
            "the seal picture is neither PNG nor JPEG",
            "印章图片不是 PNG 或 JPEG",
        ));
    }
    if reader.format() == Some(ImageFormat::Jpeg) && !jpeg_is_whole(bytes, MAX_SIDE, MAX_MEMORY) {
        return Err(SigningError::new(
            SigningReason::Picture,
            "the seal picture is damaged, cut short or too large",
            "印章图片已损坏、不完整或过大",
        ));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    // A camera says which way up it was held.
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    image.apply_orientation(orientation);
    if image.width() == 0 || image.height() == 0 {
        return Err(unreadable("it is empty"));
    }
    Ok(image)
}

/// Packs bytes by zlib, at a level from 1 (fast) to 9 (small).
pub fn deflate(data: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
    // Writing to memory does not fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

fn unreadable(error: impl std::fmt::Display) -> SigningError {
    SigningError::new(
        SigningReason::Picture,
        format!("the seal picture cannot be read: {error}"),
        format!("印章图片无法读取：{error}"),
    )
}
