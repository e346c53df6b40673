//! `wosigndoc-server`: the WoSignDoc platform. Takes signing orders, signs PDFs, pushes them back.

fn main() -> std::process::ExitCode {
    wosigndoc_server::run()
}
