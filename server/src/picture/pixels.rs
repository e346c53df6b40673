//! The pixels of a picture: scaled down, turned upright, with 8 bits of red, green, blue and opacity.

/// The pixels as the decoder leaves them.
pub struct Pixels {
    /// The width of the file's picture.
    pub width: u32,
    /// The height of the file's picture.
    pub height: u32,
    /// The bytes of one pixel: grey, grey and opacity, three colours, or three colours and opacity.
    pub channels: usize,
    /// The pixels, row by row.
    pub data: Vec<u8>,
    /// The orientation of the camera, 1 to 8, as Exif counts.
    pub orientation: Option<u8>,
}

/// Pixels of red, green, blue and opacity.
pub struct Rgba {
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// The pixels, row by row.
    pub pixels: Vec<[u8; 4]>,
}

impl Pixels {
    /// Returns the picture the right way up; where a side is longer than `limit`, it is scaled down to that.
    pub fn upright(&self, limit: u32) -> Rgba {
        let longest = f64::from(self.width.max(self.height).max(1));
        let ratio = (f64::from(limit) / longest).min(1.0);
        // The cast saturates, and neither side is longer than it was.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let scaled = |side: u32| (f64::from(side) * ratio).round().max(1.0) as usize;
        let (width, height) = (scaled(self.width), scaled(self.height));
        self.scale(width, height).turn(self.orientation.unwrap_or(1))
    }

    /// Takes for each pixel the average of all that it stands for.
    fn scale(&self, width: usize, height: usize) -> Rgba {
        let (from_width, from_height) = (self.width as usize, self.height as usize);
        let mut rows = self.data.chunks_exact((from_width * self.channels).max(1));
        let mut pixels = Vec::with_capacity(width * height);
        let mut row = vec![Average::default(); width];
        let mut read = 0;
        for y in 0..height {
            row.fill(Average::default());
            let end = ((y + 1) * from_height).div_ceil(height);
            while read < end {
                let Some(line) = rows.next() else { break };
                for (x, pixel) in line.chunks_exact(self.channels).enumerate() {
                    if let Some(average) = row.get_mut(x * width / from_width) {
                        average.add(rgba(pixel));
                    }
                }
                read += 1;
            }
            pixels.extend(row.iter().map(Average::pixel));
        }
        let (width, height) = (small(width), small(height));
        Rgba { width, height, pixels }
    }
}

/// The sums of the pixels that one pixel stands for.
#[derive(Clone, Copy, Default)]
struct Average {
    sums: [u32; 4],
    count: u32,
}

impl Average {
    fn add(&mut self, pixel: [u8; 4]) {
        for (sum, value) in self.sums.iter_mut().zip(pixel) {
            *sum += u32::from(value);
        }
        self.count += 1;
    }

    fn pixel(&self) -> [u8; 4] {
        let count = self.count.max(1);
        self.sums.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX))
    }
}

impl Rgba {
    /// Turns and mirrors it as this orientation asks.
    fn turn(self, orientation: u8) -> Rgba {
        if orientation == 1 {
            return self;
        }
        let (width, height) =
            if orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) };
        let (last_x, last_y) = (self.width.saturating_sub(1), self.height.saturating_sub(1));
        let from = |x: u32, y: u32| match orientation {
            2 => (last_x - x, y),
            3 => (last_x - x, last_y - y),
            4 => (x, last_y - y),
            5 => (y, x),
            6 => (y, last_y - x),
            7 => (last_x - y, last_y - x),
            _ => (last_x - y, x),
        };
        let at = |(x, y): (u32, u32)| self.pixels.get(y as usize * self.width as usize + x as usize);
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = pixels.map(|(x, y)| at(from(x, y)).copied().unwrap_or_default()).collect();
        Rgba { width, height, pixels }
    }
}

fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [grey] => [grey, grey, grey, u8::MAX],
        [grey, opacity] => [grey, grey, grey, opacity],
        [red, green, blue] => [red, green, blue, u8::MAX],
        [red, green, blue, opacity] => [red, green, blue, opacity],
        _ => [0; 4],
    }
}

fn small(side: usize) -> u32 {
    u32::try_from(side).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of grey pixels.
    fn grey(width: u32, data: &[u8], orientation: Option<u8>) -> Pixels {
        let height = u32::try_from(data.len()).unwrap() / width;
        Pixels { width, height, channels: 1, data: data.to_vec(), orientation }
    }

    fn greys(picture: &Rgba) -> Vec<u8> {
        picture.pixels.iter().map(|pixel| pixel[0]).collect()
    }

    /// Every orientation that Exif knows, of a picture of three by two.
    #[test]
    fn turns_a_picture_upright() {
        let cases: [(u8, u32, [u8; 6]); 8] = [
            (1, 3, [1, 2, 3, 4, 5, 6]),
            (2, 3, [3, 2, 1, 6, 5, 4]),
            (3, 3, [6, 5, 4, 3, 2, 1]),
            (4, 3, [4, 5, 6, 1, 2, 3]),
            (5, 2, [1, 4, 2, 5, 3, 6]),
            (6, 2, [4, 1, 5, 2, 6, 3]),
            (7, 2, [6, 3, 5, 2, 4, 1]),
            (8, 2, [3, 6, 2, 5, 1, 4]),
        ];
        for (orientation, width, expected) in cases {
            let picture = grey(3, &[1, 2, 3, 4, 5, 6], Some(orientation)).upright(100);
            assert_eq!((picture.width, greys(&picture)), (width, expected.to_vec()), "{orientation}");
        }
    }

    #[test]
    fn averages_what_it_scales_down() {
        let picture = grey(4, &[0, 10, 100, 110, 20, 30, 120, 130], None).upright(2);
        assert_eq!((picture.width, picture.height, greys(&picture)), (2, 1, vec![15, 115]));
        // A side that would vanish keeps one pixel; uneven shares take every pixel once.
        let thin = grey(5, &[0, 50, 100, 150, 200], None).upright(2);
        assert_eq!((thin.width, thin.height, greys(&thin)), (2, 1, vec![50, 175]));
        let small = grey(2, &[7, 8], None).upright(100);
        assert_eq!((small.width, greys(&small)), (2, vec![7, 8]));
    }

    #[test]
    fn every_kind_of_pixel_has_four_values() {
        assert_eq!(rgba(&[9]), [9, 9, 9, 255]);
        assert_eq!(rgba(&[9, 1]), [9, 9, 9, 1]);
        assert_eq!(rgba(&[1, 2, 3]), [1, 2, 3, 255]);
        assert_eq!(rgba(&[1, 2, 3, 4]), [1, 2, 3, 4]);
    }
}
