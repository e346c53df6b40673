//! How the shared object is linked: its ABI number in its name, and that it stays loaded.

#[path = "src/ffi/abi_version.rs"]
mod abi_version;

use abi_version::WSD_ABI_VERSION;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/ffi/abi_version.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    match system.as_str() {
        "linux" | "android" | "freebsd" | "netbsd" | "openbsd" => {
            link(&format!("-Wl,-soname,libwosigndoc.so.{WSD_ABI_VERSION}"));
            // A host that closes the library (PHP frees an FFI object) must not unmap code that a
            // thread's exit handlers still point to.
            link("-Wl,-z,nodelete");
        }
        "macos" => {
            link(&format!("-Wl,-install_name,@rpath/libwosigndoc.{WSD_ABI_VERSION}.dylib"));
        }
        _ => {}
    }
}

fn link(argument: &str) {
    println!("cargo::rustc-cdylib-link-arg={argument}");
}
