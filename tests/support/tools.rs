//! The programs that tests call: those that scripts/setup brings, and no others.
#![allow(dead_code)] // each test uses its part

#[path = "skip.rs"]
pub mod skip;

use std::process::{Command, Output};

/// What scripts/setup reads.
const LIST: &str = include_str!("../../scripts/tools");

/// Returns the command of a program of scripts/tools.
///
/// # Panics
/// When the program does not stand there: the set-up would not bring it.
#[track_caller]
pub fn tool(name: &str) -> Command {
    let listed =
        LIST.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next());
    assert!(
        listed.into_iter().any(|command| command == name),
        "{name} is not in scripts/tools, so scripts/setup does not bring it: add it there"
    );
    Command::new(name)
}

/// Runs a command. In CI a program that is missing fails the test, elsewhere that is said, and the answer is `None`.
///
/// # Panics
/// In CI, when the program is missing.
#[track_caller]
pub fn run(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            skip::skip(&format!("{}: {error}; scripts/setup installs it", command.get_program().display()));
            None
        }
    }
}
