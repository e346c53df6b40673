//! Where seals show on the page, seen by a renderer.

use crate::support::{Bitmap, Signed, authority, fixture, has, organisation, person, png, sign, signer};
use png::{BitDepth, ColorType};
use wosigndoc_server::signing::{SignerKind, SignerRequest};

/// A page as MuPDF draws it, and the rectangle around what is red on it: left, bottom, right, top.
struct Page {
    width: f64,
    height: f64,
    red: Option<[f64; 4]>,
}

fn render(signed: &Signed, page: u32) -> Page {
    let file = signed.folder.path().join("page.png");
    let mut command = crate::support::tools::tool("mutool");
    command.args(["draw", "-q", "-r", "144", "-o"]).args([&file, &signed.pdf]).arg(page.to_string());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let image = Bitmap::read(&file);
    let red = image.enumerate().filter(|(_, _, [r, g, b])| *r > 150 && *g < 100 && *b < 100);
    let red = red.fold(None, |red: Option<[u32; 4]>, (x, y, _)| {
        let [left, top, right, bottom] = red.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    });
    let (width, height) = (f64::from(image.width), f64::from(image.height));
    let red = red.map(|[left, top, right, bottom]| {
        let [left, top, right, bottom] = [left, top, right + 1, bottom + 1].map(f64::from);
        [left, height - bottom, right, height - top]
    });
    Page { width, height, red }
}

/// Asserts that what is red on this page is the largest shape of this aspect in the middle of the box.
fn assert_seen(signed: &Signed, page: u32, position: [f64; 4], aspect: f64) {
    let Page { width, height, red } = render(signed, page);
    let red = red.unwrap_or_else(|| panic!("page {page}: no seal to be seen"));
    let [left, bottom, right, top] = position;
    let (box_width, box_height) = ((right - left) * width, (top - bottom) * height);
    let seen_height = box_height.min(box_width / aspect);
    let seen_width = seen_height * aspect;
    let (x, y) = ((left + right) / 2.0 * width, (bottom + top) / 2.0 * height);
    let expected = [x - seen_width / 2.0, y - seen_height / 2.0, x + seen_width / 2.0, y + seen_height / 2.0];
    for (seen, expected) in red.iter().zip(expected) {
        assert!((seen - expected).abs() <= 2.0, "page {page}: seen at {red:?}, expected at {expected:?}");
    }
}

/// A picture that is red but for a blue corner at its lower left, twice as wide as high.
fn corner() -> Vec<u8> {
    let pixel = |at: u32| if at % 200 < 50 && at / 200 >= 75 { [0, 0, 255] } else { [255, 0, 0] };
    let bytes: Vec<u8> = (0..200 * 100).flat_map(pixel).collect();
    png(200, 100, ColorType::Rgb, BitDepth::Eight, &bytes)
}

/// Covers P-14: on pages turned by every multiple of 90, cropped, with boxes inherited and out of order, seals
/// stand in the given fractions of the page as displayed.
#[test]
fn seals_stand_where_the_page_shows_them() {
    if !has("mutool", &["-v"]) {
        return;
    }
    let ca = authority();
    let input = fixture("turned.pdf");
    for page in 1..=6 {
        for position in ["0.1,0.7,0.4,0.9", "0.55,0.05,0.95,0.15"] {
            let boxes = [(page, position)];
            let picture = SignerRequest { picture: Some(corner()), ..person(&boxes) };
            let place: Vec<f64> = position.split(',').map(|part| part.parse().unwrap()).collect();
            let place: [f64; 4] = place.try_into().unwrap();
            for (signer, aspect) in [(organisation(&boxes), 1.0), (person(&boxes), 1.0), (picture, 2.0)] {
                let signed = Signed::new(&sign(&input, None, &[signer], &ca), &ca);
                assert_seen(&signed, page, place, aspect);
            }
        }
    }
}

/// Covers P-14: a seal is upright on the page as displayed, and so is a camera's picture that lies on its side.
#[test]
fn seals_are_upright() {
    if !has("mutool", &["-v"]) {
        return;
    }
    let ca = authority();
    for page in 1..=6 {
        for picture in [corner(), fixture("corner.jpg"), fixture("turned.jpg")] {
            let signer = SignerRequest { picture: Some(picture), ..person(&[(page, "0.2,0.2,0.8,0.8")]) };
            let signed = Signed::new(&sign(&fixture("turned.pdf"), None, &[signer], &ca), &ca);
            render(&signed, page);
            let image = Bitmap::read(&signed.folder.path().join("page.png"));
            let blue = image.enumerate().filter(|(_, _, [r, _, b])| *b > 150 && *r < 100);
            let (count, x, y) = blue.fold((0.0, 0.0, 0.0), |(count, sum_x, sum_y), (x, y, _)| {
                (count + 1.0, sum_x + f64::from(x), sum_y + f64::from(y))
            });
            assert!(count > 20.0, "page {page}");
            let (x, y) = (x / count / f64::from(image.width), y / count / f64::from(image.height));
            assert!(x < 0.45 && y > 0.5, "page {page}: the lower left corner is seen at {x}, {y}");
        }
    }
}

/// The transparent part of a picture lets the page show through, and it is not drawn white.
#[test]
fn transparency_is_kept() {
    if !has("mutool", &["-v"]) {
        return;
    }
    let ca = authority();
    // Red at the left, nothing in the middle, half red at the right.
    let pixel = |at: u32| match at % 90 {
        0..30 => [255, 0, 0, 255],
        30..60 => [0, 0, 0, 0],
        _ => [255, 0, 0, 128],
    };
    let bytes: Vec<u8> = (0..90 * 30).flat_map(pixel).collect();
    let picture = png(90, 30, ColorType::Rgba, BitDepth::Eight, &bytes);
    let signer = SignerRequest { picture: Some(picture), ..person(&[(1, "0.1,0.4,0.7,0.6")]) };
    let signed = Signed::new(&sign(&fixture("plain.pdf"), None, &[signer], &ca), &ca);
    let page = render(&signed, 1);
    let image = Bitmap::read(&signed.folder.path().join("page.png"));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = |x: f64| image.at((page.width * x) as u32, (page.height * 0.5) as u32);
    assert_eq!(at(0.2), [255, 0, 0]);
    assert_eq!(at(0.4), [255, 255, 255]);
    assert!(at(0.6)[0] == 255 && (120..=136).contains(&at(0.6)[1]), "{:?}", at(0.6));
}

/// A JPEG of four colours is as red as it was meant.
#[test]
fn four_colours_are_seen_as_red() {
    if !has("mutool", &["-v"]) {
        return;
    }
    let signer = SignerRequest { picture: Some(fixture("cmyk.jpg")), ..person(&[(1, "0.1,0.4,0.7,0.6")]) };
    let ca = authority();
    let signed = Signed::new(&sign(&fixture("plain.pdf"), None, &[signer], &ca), &ca);
    assert_seen(&signed, 1, [0.1, 0.4, 0.7, 0.6], 2.0);
}

/// The seals as they look, for a person to see: SEALS=folder cargo test … shown
#[test]
fn seals_of_many_names_can_be_shown() {
    let names = [
        ("北京沃通信息技术有限公司", SignerKind::Organisation),
        ("小米公司", SignerKind::Organisation),
        ("上海浦东发展银行股份有限公司", SignerKind::Organisation),
        ("深圳市前海国际供应链管理(集团)股份有限公司广州市天河区第一分公司", SignerKind::Organisation),
        ("Example Trading Company Limited", SignerKind::Organisation),
        ("张三", SignerKind::Person),
        ("张小三", SignerKind::Person),
        ("欧阳小三", SignerKind::Person),
        ("阿卜杜拉·买买提", SignerKind::Person),
        ("John Smith", SignerKind::Person),
        ("王", SignerKind::Person),
        ("迪丽热巴·迪力木拉提", SignerKind::Person),
    ];
    let signers: Vec<SignerRequest> = names
        .iter()
        .enumerate()
        .map(|(index, (name, kind))| {
            let (column, row) = (index % 3, index / 3);
            let (left, bottom) = (0.02 + 0.33 * column as f64, 0.76 - 0.245 * row as f64);
            let position = format!("{left:.3},{bottom:.3},{:.3},{:.3}", left + 0.3, bottom + 0.23);
            signer(name, *kind, &[(1, &position)])
        })
        .collect();
    let ca = authority();
    let signed = Signed::new(&sign(&fixture("plain.pdf"), None, &signers, &ca), &ca);
    if has("mutool", &["-v"]) {
        assert!(render(&signed, 1).red.is_some());
        if let Some(folder) = std::env::var_os("SEALS") {
            std::fs::copy(
                signed.folder.path().join("page.png"),
                std::path::Path::new(&folder).join("seals.png"),
            )
            .unwrap();
        }
    }
}
