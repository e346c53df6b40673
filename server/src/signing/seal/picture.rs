//! A given seal picture, decoded within limits and made ready for a PDF.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use wosigndoc::protocol::Bilingual;

use crate::picture::{self, Format, Limits, Rgba};
use crate::signing::error::{Result, SigningError, SigningReason};

/// How large a seal picture may be.
pub const LIMITS: Limits = Limits { side: 8192, memory: 256 << 20 };
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
    /// Decodes a PNG or JPEG of whatever depth and colour model, and turns it upright.
    pub fn decode(bytes: &[u8]) -> Result<Picture> {
        let refused = |what| SigningError { reason: SigningReason::Picture, what, signer: None };
        let format = Format::of(bytes).ok_or_else(|| {
            refused(Bilingual::fixed("the picture is neither PNG nor JPEG", "图片不是 PNG 或 JPEG"))
        })?;
        let pixels = picture::decode(bytes, format, LIMITS).map_err(|error| refused(error.what(LIMITS)))?;
        let Rgba { width, height, pixels } = pixels.upright(USEFUL_SIDE);
        let opaque = pixels.iter().all(|[_, _, _, alpha]| *alpha == u8::MAX);
        let colours: Vec<u8> =
            pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        let opacity: Option<Vec<u8>> =
            (!opaque).then(|| pixels.iter().map(|[_, _, _, alpha]| *alpha).collect());
        Ok(Picture {
            width,
            height,
            colours: deflate(&colours, 6),
            opacity: opacity.map(|opacity| deflate(&opacity, 6)),
        })
    }
}

/// Packs bytes by zlib, at a level from 1 (fast) to 9 (small).
pub fn deflate(data: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
    // Writing to memory does not fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}
