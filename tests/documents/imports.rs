//! The imports of a source tree: which file names what of which other file, anywhere in its code, in `use` and without.

use std::collections::BTreeMap;
use std::fs;
use std::iter::Peekable;
use std::path::Path;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One file names something.
pub struct Import {
    /// The file, as its path below the tree's folder.
    pub from: String,
    /// The file that is named; for another crate of this project `crate::module`. `None`: a file that names nothing
    /// is known to exist all the same.
    pub to: Option<String>,
}

/// A module's path from the crate's root.
type Module = Vec<String>;

/// Reads every file of a tree but those of tests.
pub fn imports(tree: &Path) -> Vec<Import> {
    let mut files = BTreeMap::new();
    gather(tree, "", &mut files);
    let modules: BTreeMap<Module, String> =
        files.keys().map(|file| (module_of(file), file.clone())).collect();
    let mut found = Vec::new();
    let of_tests = |file: &str| file.ends_with("tests.rs") || file.ends_with("_tests.rs");
    for (file, text) in files.iter().filter(|(file, _)| !of_tests(file)) {
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut reader = Reader { modules: &modules, facade: file.ends_with("mod.rs"), found: Vec::new() };
        reader.read(tokens, &module_of(file));
        found.push(Import { from: file.clone(), to: None });
        found.extend(reader.found.into_iter().map(|to| Import { from: file.clone(), to: Some(to) }));
    }
    found
}

/// The texts of all Rust files, by their paths below the tree's folder.
fn gather(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            gather(&path, &format!("{below}{name}/"), files);
        } else if name.ends_with(".rs") {
            files.insert(format!("{below}{name}"), fs::read_to_string(&path).unwrap());
        }
    }
}

/// `client/mod.rs` and `client.rs` are the module `client`, `lib.rs` and `main.rs` the root.
fn module_of(file: &str) -> Module {
    let mut module: Module = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] || module == ["main"] {
        module.pop();
    }
    module
}

struct Reader<'m> {
    modules: &'m BTreeMap<Module, String>,
    /// A `mod.rs`, whose `pub use` of its own children hands on, and uses nothing.
    facade: bool,
    found: Vec<String>,
}

type Tokens = Peekable<proc_macro2::token_stream::IntoIter>;

impl Reader<'_> {
    /// Reads the tokens of a module, or of a group within it.
    fn read(&mut self, tokens: TokenStream, module: &Module) {
        let mut tokens = tokens.into_iter().peekable();
        // Whether the item that is being read is `pub`, and whether it is there for tests only.
        let (mut public, mut test) = (false, false);
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => {
                    let attribute = group.delimiter() == Delimiter::Bracket && is_test(&group.stream());
                    if !test {
                        self.read(group.stream(), module);
                    }
                    test = attribute || (test && group.delimiter() != Delimiter::Brace);
                }
                TokenTree::Ident(word) if word == "mod" => {
                    self.inner(&mut tokens, module, test);
                    (public, test) = (false, false);
                }
                TokenTree::Ident(word) if word == "use" => {
                    for path in tree(&mut tokens, &[]).iter().filter(|_| !test) {
                        self.name(path, module, self.facade && public);
                    }
                    (public, test) = (false, false);
                }
                TokenTree::Ident(word) => {
                    let path = path(word.to_string(), &mut tokens);
                    if path.len() > 1 && !test {
                        self.name(&path, module, false);
                    }
                    public = path == ["pub"];
                }
                // What follows a `::` that nothing of ours stands before is not ours.
                TokenTree::Punct(mark) if mark.as_char() == ':' && mark.spacing() == Spacing::Joint => {
                    tokens.next();
                    tokens.next_if(|next| matches!(next, TokenTree::Ident(_)));
                }
                TokenTree::Punct(mark) if mark.as_char() == ';' => (public, test) = (false, false),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// `mod name;` or `mod name { … }`.
    fn inner(&mut self, tokens: &mut Tokens, module: &Module, test: bool) {
        let Some(TokenTree::Ident(name)) = tokens.next() else { return };
        if let Some(TokenTree::Group(group)) = tokens.next()
            && !test
        {
            let mut inner = module.clone();
            inner.push(name.to_string());
            self.read(group.stream(), &inner);
        }
    }

    /// Notes the file that a path leads to; `own`: children do not count.
    fn name(&mut self, path: &[String], module: &Module, own: bool) {
        let mut at = module.clone();
        let (first, mut rest) = path.split_first().unwrap();
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
                while rest.first().is_some_and(|word| word == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            "wosigndoc" => {
                self.found.push(path.iter().take(2).cloned().collect::<Vec<_>>().join("::"));
                return;
            }
            // A child of this very module, or nothing of ours.
            child => {
                at.push(child.to_owned());
                if own || !self.modules.contains_key(&at) {
                    return;
                }
            }
        }
        at.extend(rest.iter().filter(|word| *word != "self").cloned());
        while !at.is_empty() && !self.modules.contains_key(&at) {
            at.pop();
        }
        self.found.extend(self.modules.get(&at).cloned());
    }
}

/// `#[cfg(test)]` and what contains it.
fn is_test(attribute: &TokenStream) -> bool {
    let text = attribute.to_string();
    text.starts_with("cfg") && text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
}

/// The rest of a path that begins with this word.
fn path(first: String, tokens: &mut Tokens) -> Vec<String> {
    let mut path = vec![first];
    while colons(tokens) {
        match tokens.peek() {
            Some(TokenTree::Ident(word)) => {
                path.push(word.to_string());
                tokens.next();
            }
            _ => break,
        }
    }
    path
}

/// Takes `::`, if it is next.
fn colons(tokens: &mut Tokens) -> bool {
    let colon = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':');
    let joint = matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.spacing() == Spacing::Joint);
    if !joint || tokens.next_if(colon).is_none() {
        return false;
    }
    tokens.next_if(colon).is_some()
}

/// Every path of a `use`, up to its semicolon or, within braces, its comma.
fn tree(tokens: &mut Tokens, before: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut path = before.to_vec();
    for token in tokens.by_ref() {
        match token {
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Group(group) => {
                let mut inner = group.stream().into_iter().peekable();
                while inner.peek().is_some() {
                    found.extend(tree(&mut inner, &path));
                }
                path.clear();
            }
            TokenTree::Punct(mark) if matches!(mark.as_char(), ';' | ',') => break,
            _ => {}
        }
    }
    if !path.is_empty() {
        found.push(path);
    }
    found
}
