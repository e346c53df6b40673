//! What a signature looks like: the given picture, or a seal that the platform draws.

mod font;
mod layout;
mod path;
mod picture;
mod round;
mod square;

pub use font::{Fonts, Glyph};
pub use picture::{LIMITS as PICTURE_LIMITS, Picture, deflate};

use super::error::Result;
use super::{SignerKind, SignerRequest};
pub use path::{Path, number};

/// What is shown in a signature's box.
pub enum Seal {
    /// A picture.
    Picture(Picture),
    /// Something drawn.
    Drawing(Drawing),
}

/// PDF drawing operators for a seal.
pub struct Drawing {
    /// Width in the drawing's own unit.
    pub width: f64,
    /// Height in the drawing's own unit.
    pub height: f64,
    /// The operators.
    pub operators: String,
}

impl Seal {
    /// Returns a signer's seal: the picture, or a drawing of the name.
    pub fn of(signer: &SignerRequest, fonts: &Fonts) -> Result<Seal> {
        if let Some(picture) = &signer.picture {
            return Ok(Seal::Picture(Picture::decode(picture)?));
        }
        let text = fonts.write(&signer.name)?;
        Ok(Seal::Drawing(match signer.kind {
            SignerKind::Organisation => round::draw(&text),
            SignerKind::Person => square::draw(&text),
        }))
    }

    /// Returns operators that show the seal as large as the box allows, in its middle. A picture is `/Seal`.
    pub fn operators(&self, width: f64, height: f64) -> String {
        let (own_width, own_height) = match self {
            Seal::Picture(picture) => (f64::from(picture.width), f64::from(picture.height)),
            Seal::Drawing(drawing) => (drawing.width, drawing.height),
        };
        let scale = (width / own_width).min(height / own_height);
        let (shown_width, shown_height) = (own_width * scale, own_height * scale);
        let (x, y) = (number((width - shown_width) / 2.0), number((height - shown_height) / 2.0));
        match self {
            Seal::Picture(_) => {
                format!("q {} 0 0 {} {x} {y} cm /Seal Do Q", number(shown_width), number(shown_height))
            }
            Seal::Drawing(drawing) => {
                let scale = format!("{scale:.6}");
                format!("q {scale} 0 0 {scale} {x} {y} cm\n{}Q", drawing.operators)
            }
        }
    }
}
