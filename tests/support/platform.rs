//! The real platform as a process of its own, with a fresh folder, and a callback that receives pushes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running platform; dropping it ends the process and removes its folder.
pub struct Platform {
    child: Child,
    folder: tempfile::TempDir,
}

impl Platform {
    /// Starts `wosigndoc-server dev` on a free port and waits until it listens.
    pub fn start(callback: &str) -> Platform {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(binary())
            .args(["dev", "--listen", "127.0.0.1:0", "--callback", callback, "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.any(|line| line.unwrap_or_default().starts_with("listening on"));
        assert!(ready, "the platform did not start");
        // Whatever it prints later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Platform { child, folder }
    }

    /// A file of its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The client configuration that it wrote.
    pub fn client_json(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path("client.json")).unwrap()).unwrap()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The platform's program: the one that TEST_SERVER names, else built, once.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("TEST_SERVER").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace"]) // as every script does, so that nothing is built twice
        .current_dir(root)
        .status()
        .unwrap();
    assert!(built.success(), "the platform does not build");
    // This test lies in <target>/<profile>/deps.
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(3).unwrap().join("debug/wosigndoc-server")
}

/// A callback URL on a free port. Every body that is posted to it comes out of the channel, each answered
/// with what `answer` makes of it.
pub fn callback(answer: impl Fn(&[u8]) -> &'static str + Send + 'static) -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/push", listener.local_addr().unwrap());
    let (sender, bodies) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Some(body) = post(&stream) else { continue };
            respond(&stream, answer(&body));
            if sender.send(body).is_err() {
                return;
            }
        }
    });
    (url, bodies)
}

/// Reads one POST with a Content-Length.
fn post(stream: &TcpStream) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).ok()?;
    assert!(line.starts_with("POST /push "), "{line}");
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

fn respond(mut stream: &TcpStream, answer: &str) {
    let status = if answer == "1" { "200 OK" } else { "500 Internal Server Error" };
    let head = "content-type: text/plain\r\nconnection: close";
    let _ = write!(stream, "HTTP/1.1 {status}\r\n{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
}
