//! The program behind a sandbox: found, started, and ended.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::SandboxError;

/// The environment's name for the program.
const VARIABLE: &str = "WOSIGNDOC_SERVER";
/// How long the program may take to end; then it is killed.
const MAX_END: Duration = Duration::from_secs(5);

/// How a sandbox is started. The default needs nothing but the program.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The program wosigndoc-server; absent: what the environment's `WOSIGNDOC_SERVER` names, else the one beside this test's
    /// own, else the one on `PATH`.
    pub server: Option<PathBuf>,
    /// Where documents are pushed to; absent: to the sandbox's inbox.
    pub callback: Option<String>,
    /// Obeys faults that an orderNumber orders by its ending, such as `A-1!lose-answer`.
    pub faults_by_number: bool,
    /// Further arguments of `wosigndoc-server dev --temporary`.
    pub arguments: Vec<String>,
}

/// The running program. It ends when the pipe to its standard input does, which is when this process does.
#[derive(Debug)]
pub struct Program {
    child: Mutex<Child>,
    pipe: Option<ChildStdin>,
    log: File,
}

impl Program {
    /// Starts it; returns it with what it tells when it is ready.
    pub fn start(options: &Options) -> Result<(Program, Value), SandboxError> {
        let path = find(options.server.as_deref())?;
        let failed = |problem: std::io::Error| {
            let shown = path.display();
            SandboxError::new(
                format!("{shown} cannot be started: {problem}"),
                format!("无法启动 {shown}：{problem}"),
            )
        };
        // Read at a place of its own, written at another, and without a name soon.
        let written = tempfile::NamedTempFile::new().map_err(failed)?;
        let log = written.reopen().map_err(failed)?;
        let mut command = Command::new(&path);
        command.args(["dev", "--temporary"]);
        command.args(options.callback.iter().flat_map(|url| ["--callback", url]));
        command.args(options.faults_by_number.then_some("--faults")).args(&options.arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(written.into_file());
        let mut child = command.spawn().map_err(failed)?;
        let (pipe, out) = (child.stdin.take(), child.stdout.take());
        let program = Program { child: Mutex::new(child), pipe, log };
        let mut line = String::new();
        let read = out.map(|out| BufReader::new(out).read_line(&mut line));
        match serde_json::from_str(&line) {
            Ok(told) => Ok((program, told)),
            Err(_) => {
                drop(read);
                let shown = path.display();
                Err(SandboxError::new(
                    format!("{shown} has not started; one that knows no --temporary is too old; its log:"),
                    format!("{shown} 没有启动；不认识 --temporary 的程序版本过旧；其日志："),
                )
                .with(program.log()))
            }
        }
    }

    /// Returns its log so far.
    pub fn log(&self) -> String {
        let mut bytes = Vec::new();
        let mut log = &self.log;
        let _ = log.seek(SeekFrom::Start(0)).and_then(|_| log.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Ends it, and waits for its end. Returns whether it ended by itself.
    pub fn end(&mut self) -> bool {
        drop(self.pipe.take());
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        let end = Instant::now() + MAX_END;
        while Instant::now() < end {
            match child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                Ok(Some(_)) | Err(_) => return true,
            }
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }
}

/// Finds the program.
fn find(given: Option<&Path>) -> Result<PathBuf, SandboxError> {
    let named = given.map(Path::to_owned).or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from));
    if let Some(path) = named {
        let shown = path.display();
        let wrong = || {
            let en = format!(
                "{shown} is no file: name the program wosigndoc-server by the option server or {VARIABLE}"
            );
            SandboxError::new(
                en,
                format!("{shown} 不是文件：请用选项 server 或 {VARIABLE} 指定程序 wosigndoc-server"),
            )
        };
        return if path.is_file() { Ok(path) } else { Err(wrong()) };
    }
    let name = format!("wosigndoc-server{}", std::env::consts::EXE_SUFFIX);
    // A test's program lies in target/debug/deps.
    let own = std::env::current_exe().unwrap_or_default();
    let beside = own.ancestors().skip(1).take(2).map(Path::to_owned);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = beside.chain(std::env::split_paths(&path)).map(|folder| folder.join(&name));
    places.find(|place| place.is_file()).ok_or_else(|| {
        SandboxError::new(
            format!(
                "the program wosigndoc-server was not found: `cargo install wosigndoc-server`, or take it from the archive of a \
                 release, and name it in {VARIABLE} or put it on PATH"
            ),
            format!(
                "找不到程序 wosigndoc-server：请执行 `cargo install wosigndoc-server`，或从发布包中取得，并写入 {VARIABLE} 或放到 PATH 中"
            ),
        )
    })
}
