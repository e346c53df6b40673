//! Where a seal goes on a page (P-14).

use wosigndoc::pdf::Page;
use wosigndoc::protocol::Position;

/// Where a seal goes: in the page's units, and as it is displayed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The rectangle in the page's own units: left, bottom, right, top.
    pub rect: [f64; 4],
    /// The width as displayed.
    pub width: f64,
    /// The height as displayed.
    pub height: f64,
    /// The matrix that turns what is upright on the screen into the page's own directions.
    pub matrix: [f64; 6],
}

impl Placement {
    /// Returns where these fractions of the displayed page lie (P-14).
    pub fn on(page: &Page, position: Position) -> Placement {
        let (page_width, page_height) = page.size();
        let [left, right] = [position.left * page_width, position.right * page_width];
        let [low, high] = [position.bottom * page_height, position.top * page_height];
        let [x0, y0, x1, y1] = page.crop;
        let (rect, matrix) = match page.rotation {
            90 => ([x1 - high, y0 + left, x1 - low, y0 + right], [0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
            180 => ([x1 - right, y1 - high, x1 - left, y1 - low], [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
            270 => ([x0 + low, y1 - right, x0 + high, y1 - left], [0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
            _ => ([x0 + left, y0 + low, x0 + right, y0 + high], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
        };
        Placement { rect, width: right - left, height: high - low, matrix }
    }
}
