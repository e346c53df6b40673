//! The rules of the protocol, as docs/protocol.md states them.

/// The halves that a rule binds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Binds {
    Library,
    Platform,
    Both,
}

/// One rule: the heading and the first line of its paragraph.
#[derive(Debug)]
pub struct Rule {
    pub number: u32,
    pub title: String,
    pub binds: Binds,
}

/// What the pages, English and Chinese, say of the halves.
const HALVES: [(&str, Binds); 6] = [
    ("Binds the library.", Binds::Library),
    ("Binds the platform.", Binds::Platform),
    ("Binds both halves.", Binds::Both),
    ("适用于客户端库。", Binds::Library),
    ("适用于平台。", Binds::Platform),
    ("适用于两部分。", Binds::Both),
];

/// Reads the rules of a page: `### P-12`, and below it `**Title.** Binds both halves.`
///
/// # Panics
/// When a heading has no such line below it, or nothing more.
pub fn read(page: &str) -> Vec<Rule> {
    let mut lines = page.lines();
    let mut rules = Vec::new();
    while let Some(line) = lines.next() {
        let Some(number) = line.strip_prefix("### P-") else { continue };
        let statement = lines.next().unwrap_or_default();
        let (title, halves) = statement
            .strip_prefix("**")
            .and_then(|rest| rest.split_once("** "))
            .unwrap_or_else(|| panic!("P-{number} needs a title and the halves that it binds: {statement}"));
        let binds = HALVES.iter().find(|(words, _)| *words == halves);
        let (_, binds) = binds.unwrap_or_else(|| panic!("P-{number} binds neither half: {halves}"));
        assert_eq!(lines.next(), Some(""), "P-{number}: a blank line after its title");
        assert!(
            lines.next().is_some_and(|text| !text.is_empty() && !text.starts_with('#')),
            "P-{number} has no paragraph"
        );
        rules.push(Rule {
            number: number.parse().unwrap_or_else(|_| panic!("no number: {line}")),
            title: title.trim_end_matches(['.', '。']).to_owned(),
            binds: *binds,
        });
    }
    rules
}
