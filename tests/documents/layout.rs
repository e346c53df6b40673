//! The layout of docs/layout.md is what the code does: every file belongs to a room that stands there, every import
//! between rooms goes a way that stands there, and the ways make no circle. Tests are left out: they may use anything.

use std::fs;
use std::path::Path;

use crate::imports::imports;
use crate::rooms::{Tree, circle};

/// Everything that is wrong with the trees below `root` that the page describes.
fn faults(page: &str, root: &Path) -> Vec<String> {
    let trees = crate::rooms::read(page);
    let mut faults = Vec::new();
    for tree in &trees {
        faults.extend(missing(tree, root));
        faults.extend(tree.doubled());
        faults.extend(circle(tree).map(|rooms| format!("{}: a circle: {}", tree.path, rooms.join(" → "))));
        faults.extend(wrong_ways(tree, root));
    }
    faults
}

/// Rooms that are listed and do not exist.
fn missing(tree: &Tree, root: &Path) -> Vec<String> {
    let gone = tree.rooms.iter().filter(|room| !root.join(&tree.path).join(&room.name).exists());
    gone.map(|room| format!("{}/{} is listed and does not exist", tree.path, room.name)).collect()
}

/// Files without a room, imports that no way covers, and ways that nobody goes.
fn wrong_ways(tree: &Tree, root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let mut gone = Vec::new();
    for import in imports(&root.join(&tree.path)) {
        let Some(from) = tree.room_of(&import.from) else {
            faults.push(format!("{}/{} belongs to no room", tree.path, import.from));
            continue;
        };
        let Some(to) = import.to else { continue };
        let to = tree.room_of(&to).map_or(to.as_str(), |room| &room.name);
        if to == from.name {
            continue;
        }
        if !from.may_use.iter().any(|way| way == to) {
            let at = &import.from;
            faults.push(format!("{}/{at} uses {to}; {} may not", tree.path, from.name));
        }
        gone.push((from.name.clone(), to.to_owned()));
    }
    for room in &tree.rooms {
        let unused = room.may_use.iter().filter(|way| !gone.contains(&(room.name.clone(), (*way).clone())));
        faults.extend(unused.map(|way| format!("{}/{} may use {way}, and does not", tree.path, room.name)));
    }
    faults.sort();
    faults.dedup();
    faults
}

#[test]
fn imports_go_the_ways_of_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/layout.md")).unwrap();
    let listed: Vec<String> = crate::rooms::read(&page).iter().map(|tree| tree.path.clone()).collect();
    assert_eq!(listed, ["src", "server/src"]);
    let faults = faults(&page, root);
    assert!(faults.is_empty(), "docs/layout.md and the code differ:\n{}", faults.join("\n"));
}

/// A tree of a few files, and what is found wrong with it under this page.
fn found(files: &[(&str, &str)], rows: &str) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join("src").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let page =
        format!("# Page\n\n## The code: `src`\n\n| room | what for | may use |\n|---|---|---|\n{rows}\n");
    faults(&page, root.path())
}

const ROWS: &str =
    "| `lib.rs` | map | `high`, `low.rs` |\n| `high` | more | `low.rs` |\n| `low.rs` | less | |";
const LIB: (&str, &str) = ("lib.rs", "mod high; mod low; fn f() { high::f(); low::g(); }");
const HIGH: (&str, &str) = ("high/mod.rs", "mod part; use crate::low::g; pub fn f() { g() }");
const PART: (&str, &str) = ("high/part.rs", "use super::f;");

#[test]
fn is_content_with_one_way() {
    let low = "pub fn g() {} #[cfg(test)] mod tests { use crate::high::f; }";
    assert_eq!(found(&[LIB, HIGH, PART, ("low.rs", low)], ROWS), [] as [&str; 0]);
    // What stands in comments and texts is no import, and other crates' names are none of ours.
    let low = "//! See crate::high.\npub fn g() { let _ = \"crate::high::f\"; std::high::f(); }";
    assert_eq!(found(&[LIB, HIGH, PART, ("low.rs", low)], ROWS), [] as [&str; 0]);
}

#[test]
fn finds_every_kind_of_import_that_goes_up() {
    for low in [
        "use crate::high::f;",
        "use super::high;",
        "use crate::{high::{self, f}, low::g};",
        "use super::high::part::*;",
        "fn g() { use crate::high::f; f() }",
        "fn g() { crate::high::f() }",
        "fn g() { Some(1).map(|_| super::high::f::<crate::low::Other>()) }",
        "fn g() { assert!(crate::high::f()) }",
        "impl crate::high::Thing for u8 {}",
        "mod inner { use super::super::high::f; }",
    ] {
        let found = found(&[LIB, HIGH, PART, ("low.rs", low)], ROWS);
        assert_eq!(found, ["src/low.rs uses high; low.rs may not"], "{low}");
    }
}

#[test]
fn finds_what_is_wrong_with_the_page() {
    let low = ("low.rs", "");
    let files = [LIB, HIGH, PART, low];
    let rows = |from: &str, to: &str| ROWS.replace(from, to);
    let circle = rows("| `low.rs` | less | |", "| `low.rs` | less | `high` |");
    assert!(found(&files, &circle).contains(&"src: a circle: high → low.rs → high".to_owned()));
    let gone = rows("| `low.rs` | less | |", "| `low.rs` | less | |\n| `gone` | | |");
    assert_eq!(found(&files, &gone), ["src/gone is listed and does not exist"]);
    let homeless = [LIB, HIGH, PART, low, ("other.rs", "")];
    assert_eq!(found(&homeless, ROWS), ["src/other.rs belongs to no room"]);
    let unused = [LIB, ("high/mod.rs", ""), low];
    assert_eq!(found(&unused, ROWS), ["src/high may use low.rs, and does not"]);
    let twice = format!("{ROWS}\n| `low.rs` | again | |");
    assert_eq!(found(&files, &twice), ["src/low.rs is listed twice"]);
}
