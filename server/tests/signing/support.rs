//! Programs that this project did not write, asked about what it signed.

#[path = "../../../tests/support/tools.rs"]
pub mod tools;

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use time::OffsetDateTime;
use wosigndoc::protocol::Position;
use wosigndoc::verify::{Options, Report, State, Verdict, verify};
use wosigndoc_server::signing::{
    CertificateAuthority, Document, Fonts, Inspection, SealRequest, SignerKind, SignerRequest, SigningError,
    sign_document,
};

pub const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// A fixture's bytes.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{TESTS}/fixtures/{name}")).expect(name)
}

pub fn authority() -> CertificateAuthority {
    CertificateAuthority::generate("Test CA", OffsetDateTime::now_utc()).unwrap()
}

pub fn organisation(boxes: &[(u32, &str)]) -> SignerRequest {
    signer("北京沃通信息技术有限公司", SignerKind::Organisation, boxes)
}

pub fn person(boxes: &[(u32, &str)]) -> SignerRequest {
    signer("张小三", SignerKind::Person, boxes)
}

pub fn signer(name: &str, kind: SignerKind, boxes: &[(u32, &str)]) -> SignerRequest {
    let boxes = boxes
        .iter()
        .map(|(page, position)| SealRequest { page: *page, position: Position::parse(position).unwrap() });
    SignerRequest {
        name: name.to_owned(),
        kind,
        licence_number: (kind == SignerKind::Organisation).then(|| "91110108MA00000001".to_owned()),
        country: "CN".to_owned(),
        picture: None,
        boxes: boxes.collect(),
    }
}

/// Signs now with the built-in font.
pub fn sign(
    pdf: &[u8],
    password: Option<&str>,
    signers: &[SignerRequest],
    ca: &CertificateAuthority,
) -> Vec<u8> {
    sign_document(pdf.to_vec(), password, signers, ca, &Fonts::built_in(), OffsetDateTime::now_utc()).unwrap()
}

/// What a document is.
pub fn inspect(pdf: &[u8]) -> Result<Inspection, SigningError> {
    Document::open(pdf.to_vec())?.inspect()
}

/// What signing it would refuse.
pub fn check(
    pdf: &[u8],
    password: Option<&str>,
    signers: &[SignerRequest],
    fonts: &Fonts,
) -> Result<(), SigningError> {
    Document::open(pdf.to_vec())?.check(password, signers, fonts)
}

/// A table of these objects' offsets and a trailer.
pub fn assemble(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend_from_slice(table.as_bytes());
    let size = objects.len() + 1;
    pdf.extend_from_slice(
        format!("trailer\n<<{trailer} /Size {size} /Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    pdf
}

/// Packed as small as can be.
pub fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A signed file beside its authority's certificate, for programs to look at.
pub struct Signed {
    pub folder: tempfile::TempDir,
    pub pdf: PathBuf,
    pub ca: PathBuf,
}

impl Signed {
    pub fn new(pdf: &[u8], ca: &CertificateAuthority) -> Signed {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (pdf_path, ca_path) = (path("signed.pdf"), path("ca.pem"));
        std::fs::write(&pdf_path, pdf).unwrap();
        std::fs::write(&ca_path, ca.certificate_pem()).unwrap();
        Signed { pdf: pdf_path, ca: ca_path, folder }
    }

    /// Every program's verdict on this many signatures, and the library's own; `earlier` ones are somebody else's.
    pub fn assert_valid(&self, password: Option<&str>, signatures: usize, earlier: usize) {
        self.assert_verified(password, signatures, earlier);
        assert_qpdf(&self.pdf, password);
        assert_pdfsig(&self.pdf, password, signatures + earlier);
        assert_pyhanko(self, password, signatures, earlier);
    }
}

impl Signed {
    fn assert_verified(&self, password: Option<&str>, signatures: usize, earlier: usize) {
        let report = self.report(password, earlier);
        assert_eq!(report.signatures.len(), signatures + earlier);
        assert_eq!((report.verdict, report.state), (Verdict::Valid, State::Intact), "{:#?}", report.reasons);
    }

    /// The library's report, by our root and that of the `earlier` signatures.
    pub fn report(&self, password: Option<&str>, earlier: usize) -> Report {
        let mut roots = vec![self.ca.clone()];
        if earlier > 0 {
            roots.push(PathBuf::from(TESTS).join("fixtures/signer.pem"));
        }
        let options =
            serde_json::json!({"path": self.pdf, "password": password, "roots": {"ca_file": roots}});
        let options = Options::from_json(options.to_string().as_bytes()).unwrap();
        verify(options.document(b"").unwrap(), &options)
    }
}

/// Whether a program is there. In CI a missing one fails the test, elsewhere it is said and skipped.
pub fn has(program: &str, arguments: &[&str]) -> bool {
    let found = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !found {
        tools::skip::skip(&format!(
            "{program} {} does not run here, so nobody checks this",
            arguments.join(" ")
        ));
    }
    found
}

/// The Python that has pyHanko: `make test` puts one into `target/venv`.
pub fn python() -> String {
    let own = format!("{TESTS}/../../target/venv/bin/python3");
    if Path::new(&own).exists() { own } else { "python3".to_owned() }
}

fn run(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.success(), text)
}

pub fn assert_qpdf(pdf: &Path, password: Option<&str>) {
    if has("qpdf", &["--version"]) {
        let password = format!("--password={}", password.unwrap_or_default());
        let (success, text) = run(tools::tool("qpdf").arg(password).arg("--check").arg(pdf));
        assert!(success && !text.to_lowercase().contains("warning"), "qpdf: {text}");
    }
}

pub fn assert_pdfsig(pdf: &Path, password: Option<&str>, count: usize) {
    if has("pdfsig", &["-v"]) {
        let mut command = tools::tool("pdfsig");
        if let Some(password) = password {
            command.args(["-upw", password]);
        }
        let (_, text) = run(command.arg(pdf));
        assert_eq!(text.matches("Signature is Valid").count(), count, "pdfsig: {text}");
        assert!(!text.contains("Signature is Invalid"), "pdfsig: {text}");
    }
}

/// pyHanko's view: all valid, trusted and unharmed; `earlier` ones come first and are somebody else's.
fn assert_pyhanko(signed: &Signed, password: Option<&str>, ours: usize, earlier: usize) {
    let verdicts = pyhanko(signed, password);
    let Some(verdicts) = verdicts else { return };
    assert_eq!(verdicts.len(), ours + earlier, "{verdicts:#?}");
    for (index, verdict) in verdicts.iter().enumerate() {
        assert_eq!(verdict["bottom_line"], true, "{verdict:#}");
        assert_eq!(verdict["trusted"], true, "{verdict:#}");
        let last = index + 1 == verdicts.len();
        assert_eq!(verdict["coverage"] == "ENTIRE_FILE", last, "{verdict:#}");
        if index >= earlier {
            assert_eq!(verdict["subfilter"], "/ETSI.CAdES.detached");
            assert_eq!(verdict["digest"], "sha256");
            let attributes = serde_json::json!(["content_type", "message_digest", "signing_certificate_v2"]);
            let mut found: Vec<&str> =
                verdict["attributes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            found.sort_unstable();
            assert_eq!(serde_json::json!(found), attributes);
        }
    }
}

/// What pyHanko says about each signature; `None` when it is not installed.
pub fn pyhanko(signed: &Signed, password: Option<&str>) -> Option<Vec<Value>> {
    if !has(&python(), &["-c", "import pyhanko"]) {
        return None;
    }
    let (success, text) = run(Command::new(python())
        .arg(format!("{TESTS}/signing/validate.py"))
        .arg(&signed.pdf)
        .arg(password.unwrap_or_default())
        .arg(&signed.ca)
        .arg(format!("{TESTS}/fixtures/signer.pem")));
    assert!(success, "pyHanko: {text}");
    Some(text.lines().map(|line| serde_json::from_str(line).expect(line)).collect())
}

/// Pixels of a page or of a seal.
pub struct Bitmap {
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// Red, green and blue, row by row.
    pub pixels: Vec<[u8; 3]>,
}

impl Bitmap {
    /// Reads a PNG of 8 bits of red, green and blue, as `mutool` draws pages.
    pub fn read(path: &Path) -> Bitmap {
        let mut reader = png::Decoder::new(BufReader::new(File::open(path).unwrap())).read_info().unwrap();
        assert_eq!(reader.output_color_type(), (png::ColorType::Rgb, png::BitDepth::Eight));
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut bytes).unwrap();
        let (width, height) = reader.info().size();
        let pixels = bytes.chunks_exact(3).map(|pixel| pixel.try_into().unwrap()).collect();
        Bitmap { width, height, pixels }
    }

    /// The pixels and where they stand, from the upper left corner on.
    pub fn enumerate(&self) -> impl Iterator<Item = (u32, u32, [u8; 3])> {
        let place = |at: usize| u32::try_from(at).unwrap();
        let width = self.width;
        self.pixels.iter().enumerate().map(move |(at, pixel)| (place(at) % width, place(at) / width, *pixel))
    }

    /// One pixel.
    pub fn at(&self, x: u32, y: u32) -> [u8; 3] {
        self.pixels[y as usize * self.width as usize + x as usize]
    }
}

/// Page one of a PDF as pdftoppm (poppler) draws its CropBox; `None` where that does not run.
pub fn drawn_by_poppler(pdf: &Path) -> Option<Bitmap> {
    if !has("pdftoppm", &["-v"]) {
        return None;
    }
    let out = pdf.with_extension("drawn");
    let mut command = tools::tool("pdftoppm");
    command.args(["-png", "-singlefile", "-cropbox", "-r", "72", "-f", "1"]);
    let (success, text) = run(command.arg(pdf).arg(&out));
    assert!(success, "pdftoppm: {text}");
    Some(Bitmap::read(&out.with_extension("drawn.png")))
}

impl Bitmap {
    /// The number of red pixels in a place of the page, as positions are written.
    pub fn red_in(&self, position: &str) -> usize {
        let Position { left, bottom, right, top } = Position::parse(position).unwrap();
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let inside = |(x, y, _): &(u32, u32, [u8; 3])| {
            let (x, y) = (f64::from(*x) / width, 1.0 - f64::from(*y) / height);
            left < x && x < right && bottom < y && y < top
        };
        let is_red = |[red, green, blue]: [u8; 3]| red > 150 && green < red - 60 && blue < red - 60;
        self.enumerate().filter(inside).filter(|(_, _, pixel)| is_red(*pixel)).count()
    }

    /// The share of pixels outside of these places that differ much from another picture's.
    pub fn difference(&self, other: &Bitmap, places: &[&str]) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let places: Vec<Position> = places.iter().map(|place| Position::parse(place).unwrap()).collect();
        let outside = |x: u32, y: u32| {
            let (x, y) = (f64::from(x) / width, 1.0 - f64::from(y) / height);
            !places.iter().any(|it| it.left <= x && x <= it.right && it.bottom <= y && y <= it.top)
        };
        let differs = |(x, y, pixel): (u32, u32, [u8; 3])| {
            let before = other.at(x, y);
            outside(x, y) && (0..3).any(|at| pixel[at].abs_diff(before[at]) > 100)
        };
        self.enumerate().filter(|it| differs(*it)).count() as f64 / (width * height)
    }
}

/// A PNG of these bytes.
pub fn png(width: u32, height: u32, colour: png::ColorType, depth: png::BitDepth, bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
    file
}
