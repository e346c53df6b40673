//! Programs of other languages that include the header and link the real shared object: C under the
//! sanitizers and under valgrind, C++, PHP's FFI, and the example that C users copy. A tool that is not on
//! this machine is said to be skipped.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::{Act, Server};
use crate::support::{header, library_path, order, push};
use crate::tools::{run, tool};
use serde_json::json;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with the library under the name that programs look for, and what the programs read.
struct Workshop(tempfile::TempDir);

impl Workshop {
    fn new() -> Workshop {
        let folder = tempfile::tempdir().unwrap();
        let header = header();
        let number = header.lines().find_map(|line| line.strip_prefix("#define WSD_ABI_VERSION ")).unwrap();
        let soname = folder.path().join(format!("libwosigndoc.so.{number}"));
        std::os::unix::fs::symlink(library_path(), soname).unwrap();
        Workshop(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Compiles a program; `None` when the compiler is not here.
    fn compile(&self, compiler: &str, flags: &[&str], source: &str, program: &str) -> Option<PathBuf> {
        let program = self.path(program);
        let output = run(tool(compiler)
            .args(flags)
            .args(["-g", "-Wall", "-Wextra", "-Werror", "-pedantic"])
            .arg(format!("-I{ROOT}/include"))
            .arg(Path::new(ROOT).join(source))
            .arg(library_path())
            .arg(format!("-Wl,-rpath,{}", self.0.path().display()))
            .arg("-pthread")
            .arg("-o")
            .arg(&program))?;
        assert!(output.status.success(), "{source}: {}", text(&output));
        Some(program)
    }

    /// What `exercise` reads: a client that reaches nobody, a push, an order.
    fn exercise_inputs(&self) -> [PathBuf; 4] {
        let certified = rcgen::generate_simple_self_signed(["client".to_owned()]).unwrap();
        self.write("client.pem", certified.cert.pem());
        self.write("client.key", certified.signing_key.serialize_pem());
        let config = json!({
            "endpoint": format!("https://127.0.0.1:{}/", closed_port()),
            "tokenid": "T-1",
            "identity": { "certificate_file": self.path("client.pem"), "key_file": self.path("client.key") },
            "roots": { "ca_file": self.path("client.pem") },
            "retry": { "attempts": 1 },
        });
        self.write("client.json", config.to_string());
        self.write("push.json", push(1, "A-1").0);
        self.write("order.json", order().to_string());
        std::fs::create_dir(self.path("out")).unwrap();
        ["client.json", "push.json", "order.json", "out"].map(|name| self.path(name))
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A port of this machine that nobody listens on.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[track_caller]
fn assert_exercised(workshop: &Workshop, output: &Output) {
    assert!(output.status.success(), "{}", text(output));
    assert!(text(output).contains("every function called, everything freed"), "{}", text(output));
    let left: Vec<_> =
        std::fs::read_dir(workshop.path("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["signed.pdf"], "abandoned pushes leave nothing behind");
}

#[test]
fn a_c_program_calls_everything_under_the_sanitizers() {
    let workshop = Workshop::new();
    let flags = ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-fsanitize=address,undefined", "-O1"];
    let Some(program) = workshop.compile("gcc", &flags, "tests/c/exercise.c", "exercise") else { return };
    let mut command = Command::new(program);
    command.args(workshop.exercise_inputs()).arg("20").env("ASAN_OPTIONS", "detect_leaks=1");
    assert_exercised(&workshop, &run(&mut command).unwrap());
}

#[test]
fn a_c_program_leaks_nothing_under_valgrind() {
    let workshop = Workshop::new();
    let flags = ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O1"];
    let Some(program) = workshop.compile("gcc", &flags, "tests/c/exercise.c", "exercise") else { return };
    let mut command = tool("valgrind");
    command
        .args(["--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect"])
        .args([
            "--errors-for-leak-kinds=definite,indirect",
            "--error-exitcode=9",
            "--child-silent-after-fork=yes",
        ])
        .arg(program)
        .args(workshop.exercise_inputs())
        .arg("2");
    if let Some(output) = run(&mut command) {
        assert_exercised(&workshop, &output);
    }
}

/// A host that does not ignore SIGPIPE survives a platform that hangs up while an order is being sent.
#[test]
fn a_c_program_outlives_a_platform_that_hangs_up() {
    let workshop = Workshop::new();
    let flags = ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O1"];
    let Some(program) = workshop.compile("gcc", &flags, "tests/c/hangup.c", "hangup") else { return };
    let server = Server::start([Act::CloseAfterHead, Act::CloseAfterHead, Act::CloseAfterHead]);
    workshop.write("client.json", server.config().to_string());
    let output = run(Command::new(program).arg(workshop.path("client.json"))).unwrap();
    assert!(output.status.success(), "{}: {}", output.status, text(&output));
    assert!(text(&output).contains("may_have_arrived\":true"), "{}", text(&output));
}

#[test]
fn a_cpp_program_includes_the_header_unchanged() {
    let workshop = Workshop::new();
    let Some(program) = workshop.compile("g++", &["-std=c++11"], "tests/c/header.cpp", "header") else {
        return;
    };
    let output = run(&mut Command::new(program)).unwrap();
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn clang_takes_the_header_with_every_warning() {
    let header = format!("{ROOT}/include/wosigndoc.h");
    let arguments =
        ["-std=c99", "-Weverything", "-Wno-unused-macros", "-Werror", "-fsyntax-only", "-x", "c", &header];
    if let Some(output) = run(tool("clang").args(arguments)) {
        assert!(output.status.success(), "{}", text(&output));
    }
}

#[test]
fn php_loads_the_header_unchanged_and_passes_its_strings() {
    let script = r#"
        $wsd = FFI::cdef(file_get_contents($argv[1]), $argv[2]);
        $out = $wsd->new('char *'); $len = $wsd->new('size_t'); $order = '{"orderNumber": "合同-1"}';
        $status = $wsd->wsd_order_validate(null, 0, $order, strlen($order), null, null, 0,
            FFI::addr($out), FFI::addr($len));
        $error = json_decode(FFI::string($out, $len->cdata), true);
        $wsd->wsd_free($out, $len->cdata);
        echo $status, ' ', $error['kind'], ' ', $wsd->wsd_abi_version();
    "#;
    let mut command = tool("php");
    command.args(["-d", "ffi.enable=1", "-r", script, "--"]);
    command.arg(format!("{ROOT}/include/wosigndoc.h")).arg(library_path());
    if let Some(output) = run(&mut command) {
        assert_eq!(text(&output), "-2 invalid_order 1");
    }
}

#[test]
fn the_c_example_compiles_without_a_warning() {
    let workshop = Workshop::new();
    for compiler in ["gcc", "clang"] {
        let flags = ["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2"];
        workshop.compile(compiler, &flags, "examples/c/sign_contract.c", "sign_contract");
    }
}
