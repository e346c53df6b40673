//! `wosigndoc-server`: the WoSignDoc platform. Takes signing orders, signs PDFs, pushes them back.

fn main() {}
