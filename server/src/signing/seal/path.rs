//! Outlines as PDF paths, and their moving about.

use std::fmt::Write;

/// The red of a seal, as an operand for `rg` and `RG`.
pub const RED: &str = "0.84 0.07 0.11";

/// A point.
pub type Point = (f64, f64);

/// One step of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Begins a contour.
    Move(Point),
    /// A straight line.
    Line(Point),
    /// A Bézier curve of the third degree.
    Curve(Point, Point, Point),
    /// Closes the contour.
    Close,
}

/// An outline of closed contours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Returns the outline with every point moved.
    pub fn map(&self, to: impl Fn(Point) -> Point) -> Path {
        Path(
            self.0
                .iter()
                .map(|step| match *step {
                    Step::Move(p) => Step::Move(to(p)),
                    Step::Line(p) => Step::Line(to(p)),
                    Step::Curve(a, b, p) => Step::Curve(to(a), to(b), to(p)),
                    Step::Close => Step::Close,
                })
                .collect(),
        )
    }

    /// Draws a circle.
    pub fn circle((x, y): Point, radius: f64) -> Path {
        // Four curves; this is how far their control points lie from the ends.
        let k = radius * 0.552_284_75;
        let r = radius;
        Path(vec![
            Step::Move((x + r, y)),
            Step::Curve((x + r, y + k), (x + k, y + r), (x, y + r)),
            Step::Curve((x - k, y + r), (x - r, y + k), (x - r, y)),
            Step::Curve((x - r, y - k), (x - k, y - r), (x, y - r)),
            Step::Curve((x + k, y - r), (x + r, y - k), (x + r, y)),
            Step::Close,
        ])
    }

    /// Draws a five-pointed star that stands on two points.
    pub fn star((x, y): Point, radius: f64) -> Path {
        // The inner corners of a pentagram.
        let inner = radius * 0.381_966;
        let mut steps = Vec::with_capacity(11);
        for corner in 0..10_u8 {
            let angle = f64::from(corner) * std::f64::consts::PI / 5.0;
            let r = if corner % 2 == 0 { radius } else { inner };
            let point = (x + r * angle.sin(), y + r * angle.cos());
            steps.push(if corner == 0 { Step::Move(point) } else { Step::Line(point) });
        }
        steps.push(Step::Close);
        Path(steps)
    }

    /// Draws a square with rounded corners.
    pub fn rounded_square(low: f64, high: f64, radius: f64) -> Path {
        let (a, b, r) = (low, high, radius);
        let k = r * (1.0 - 0.552_284_75);
        Path(vec![
            Step::Move((a + r, a)),
            Step::Line((b - r, a)),
            Step::Curve((b - k, a), (b, a + k), (b, a + r)),
            Step::Line((b, b - r)),
            Step::Curve((b, b - k), (b - k, b), (b - r, b)),
            Step::Line((a + r, b)),
            Step::Curve((a + k, b), (a, b - k), (a, b - r)),
            Step::Line((a, a + r)),
            Step::Curve((a, a + k), (a + k, a), (a + r, a)),
            Step::Close,
        ])
    }

    /// Appends the outline as PDF operators, without painting it.
    pub fn write(&self, out: &mut String) {
        for step in &self.0 {
            let _ = match *step {
                Step::Move((x, y)) => writeln!(out, "{} {} m", number(x), number(y)),
                Step::Line((x, y)) => writeln!(out, "{} {} l", number(x), number(y)),
                Step::Curve(a, b, c) => {
                    let [x1, y1, x2, y2, x3, y3] = [a.0, a.1, b.0, b.1, c.0, c.1].map(number);
                    writeln!(out, "{x1} {y1} {x2} {y2} {x3} {y3} c")
                }
                Step::Close => writeln!(out, "h"),
            };
        }
    }
}

/// Writes a number as PDF does: two decimals at most, no exponent. By hand, as a seal has thousands of them.
pub fn number(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation)] // clamped first
    let hundredths = (value.clamp(-1e9, 1e9) * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn writes_numbers_as_pdf_does() {
        for (value, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (-1.5, "-1.5"),
            (12.345, "12.35"),
            (0.05, "0.05"),
            (7.0, "7"),
            (-0.25, "-0.25"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
