//! What the pages and the messages keep: both languages say the same of the protocol, Chinese is written as Chinese.

use std::fs;
use std::path::{Path, PathBuf};

use wosigndoc::protocol::Code;

/// Files below a folder whose names end so, what was built or installed left out.
fn files(folder: &str, ends: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name.starts_with('.')
                    || ["target", "bin", "obj", "vendor"].contains(&name.as_str()) => {}
                true => walk(&path, found),
                false => found.push(path),
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    walk(&root.join(folder), &mut paths);
    paths.sort();
    let wanted = paths.iter().filter(|path| ends.iter().any(|end| path.to_string_lossy().ends_with(end)));
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    wanted.map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// Every Chinese text: paragraphs of the Chinese pages, and messages in the sources (not in their unit tests).
fn chinese_texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (file, page) in files(".", &[".zh.md"]) {
        found.extend(crate::chinese::paragraphs(&page).into_iter().map(|text| (file.clone(), text)));
    }
    let packages = [
        "bindings/php/src",
        "bindings/php-testing/src",
        "bindings/java/src/main",
        "bindings/java-testing/src/main",
        "bindings/dotnet/src",
    ];
    for folder in ["src", "server/src"].into_iter().chain(packages) {
        for (file, source) in files(folder, &[".rs", ".php", ".java", ".cs"]) {
            let messages = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let literals = crate::chinese::literals(messages, file.ends_with(".php"));
            found.extend(literals.into_iter().map(|text| (file.clone(), text)));
        }
    }
    found.retain(|(_, text)| crate::chinese::is_chinese(text));
    found
}

fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Both pages have the same rules, bound to the same halves, and the codes as the catalogue has them.
#[test]
fn both_languages_state_the_same_protocol() {
    let [english, chinese] = [page("docs/protocol.md"), page("docs/protocol.zh.md")];
    let [ours, theirs] = [crate::rules::read(&english), crate::rules::read(&chinese)];
    let halves =
        |rules: &[crate::rules::Rule]| rules.iter().map(|rule| (rule.number, rule.binds)).collect::<Vec<_>>();
    assert_eq!(halves(&ours), halves(&theirs));
    assert!(ours.iter().all(|rule| !rule.title.is_empty()) && !ours.is_empty());
    for (page, text) in [("protocol.md", &english), ("protocol.zh.md", &chinese)] {
        let rows = text.lines().filter(|line| line.starts_with("| -")).count();
        assert_eq!(rows, Code::ALL.len(), "{page}");
    }
    for code in Code::ALL {
        let message = code.entry().message;
        assert!(
            english.contains(&format!("| {} | {} |", code.number(), message.en)),
            "protocol.md: {}",
            message.en
        );
        assert!(
            chinese.contains(&format!("| {} | {} |", code.number(), message.zh)),
            "protocol.zh.md: {}",
            message.zh
        );
    }
}

/// No ASCII comma, colon or parenthesis stands after a Chinese character, in pages and in messages.
#[test]
fn chinese_has_full_width_punctuation() {
    let texts = chinese_texts();
    assert!(texts.len() > 500, "only {} Chinese texts were found", texts.len());
    let wrong: Vec<String> = texts
        .iter()
        .flat_map(|(file, text)| {
            crate::chinese::ascii_punctuation(text).into_iter().map(move |place| format!("{file}: {place}"))
        })
        .collect();
    assert!(wrong.is_empty(), "ASCII punctuation after Chinese text:\n{}", wrong.join("\n"));
}

/// The eye for punctuation sees what it should, and leaves alone what is right.
#[test]
fn punctuation_is_told_apart() {
    let right = [
        "plain English, with (parentheses): and `code`, too",
        "文档，见[配置](configuration.md)；SHA-256, P-384 (a, b)",
        "`path`（不读入内存）、`bytes`，以及 https://docapi.wosign.com。",
        "**中文**：8,1 与 12:30",
        "| `status` | 1：成功 |",
        "```sh\necho 中文, 中文\n```",
    ];
    for text in right {
        let found: Vec<_> = crate::chinese::paragraphs(text)
            .iter()
            .flat_map(|part| crate::chinese::ascii_punctuation(part))
            .collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    let wrong = [
        "文档,见配置",
        "文档: 配置",
        "文档;",
        "好?",
        "好!",
        "配置(见下)",
        "配置（见下)",
        "**公钥**:x",
        "用 `Source`:好",
        "运行期间复制数据库\n(`sqlite3`)",
        "[配置](configuration.md),见",
        "| `a` | 成功: 1 |",
    ];
    for text in wrong {
        let found: Vec<_> = crate::chinese::paragraphs(text)
            .iter()
            .flat_map(|part| crate::chinese::ascii_punctuation(part))
            .collect();
        assert!(!found.is_empty(), "{text}");
    }
    let source = "let a: &'a str = \"{name}: 文件\"; // 注释, \"不是\"\nlet b = ('\"', \"好\", r#\"坏,\"#);";
    let found: Vec<_> = crate::chinese::literals(source, false);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(
        found.iter().map(|text| crate::chinese::ascii_punctuation(text).len()).collect::<Vec<_>>(),
        [1, 0, 1]
    );
    assert_eq!(crate::chinese::literals("$a = '好' . \"{$b}:坏\"; # 'x,'", true), ["好", "\u{fffc}:坏"]);
}

/// One thing has one word in Chinese.
#[test]
fn chinese_has_one_word_for_a_thing() {
    let words = [
        ("令牌", "TokenID"),
        ("本地库", "原生库"),
        ("本机库", "原生库"),
        ("动态库", "原生库"),
        ("共享库", "原生库"),
    ];
    let mut wrong = Vec::new();
    for (file, text) in chinese_texts() {
        for (word, better) in words {
            if text.contains(word) {
                wrong.push(format!("{file}: {word}, better {better}"));
            }
        }
        let alone = |(at, _): &(usize, &str)| !text[*at..].starts_with("TokenID");
        wrong.extend(
            text.match_indices("Token").filter(alone).map(|_| format!("{file}: Token, better TokenID")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every Chinese page has an English one, and each leads to the other.
#[test]
fn pages_in_two_languages_lead_to_each_other() {
    let pages = files(".", &[".zh.md"]);
    assert!(pages.len() > 4);
    for (chinese, text) in pages {
        let english = chinese.replace(".zh.md", ".md");
        let name = |path: &str| Path::new(path).file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            text.contains(&format!("[English]({})", name(&english))),
            "{chinese} does not lead to {english}"
        );
        let there = page(&english);
        assert!(
            there.contains(&format!("[中文]({})", name(&chinese))),
            "{english} does not lead to {chinese}"
        );
    }
}

/// The index leads to every page of docs/; to those about single decisions by the list of decisions.
#[test]
fn the_index_lists_every_page() {
    for (index, folder) in [("docs/README.md", "docs"), ("docs/decisions/README.md", "docs/decisions")] {
        let index = page(index);
        for (file, _) in files(folder, &[".md"]) {
            let path = Path::new(&file);
            let name = path.file_name().unwrap().to_string_lossy();
            if path.parent() == Some(Path::new(folder)) && name != "README.md" {
                assert!(index.contains(&format!("({name})")), "{folder}/README.md does not lead to {file}");
            }
        }
    }
}

/// What stands in quotation marks in the first column of a page's tables, code left out.
fn quotes(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let seen: String = row.split(" | ").next().unwrap_or_default().split('`').step_by(2).collect();
        let parts = seen.split(['"', '“', '”']).skip(1).step_by(2);
        found.extend(parts.map(|quote| quote.trim_end_matches('…').trim().to_owned()));
    }
    found
}

/// A message that the troubleshooting pages quote is one that a user can see.
#[test]
fn quoted_messages_exist() {
    let mut messages = Vec::new();
    for folder in ["src", "bindings/php/src", "bindings/java/src/main", "bindings/dotnet/src"] {
        for (file, source) in files(folder, &[".rs", ".php", ".java", ".cs"]) {
            let shipped = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            messages.extend(crate::chinese::literals(shipped, file.ends_with(".php")));
        }
    }
    let [ours, theirs] =
        ["docs/troubleshooting.md", "docs/troubleshooting.zh.md"].map(|path| quotes(&page(path)));
    assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), false), "{ours:?} {theirs:?}");
    let said = |quote: &&String| messages.iter().any(|message| message.contains(quote.as_str()));
    let invented: Vec<_> = ours.iter().chain(&theirs).filter(|quote| !said(quote)).collect();
    assert!(invented.is_empty(), "nobody says {invented:?}");
}

/// Both tables of the preflight's checks have every word that it reports, and no other.
#[test]
fn every_check_of_the_preflight_is_described() {
    let is_word = |text: &String| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // Those that a look finds, and those that only orders tell. The options are no checks.
    let looked = ["", "identity_purpose", "reached", "trusted", "live", "options"];
    for (source, others, table, least) in [("mod.rs", &looked[..], 1, 10), ("verdict.rs", &[""][..], 2, 3)] {
        let code = page(&format!("src/client/preflight/{source}"));
        let shipped = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let mut words = crate::chinese::literals(shipped, false);
        words.retain(|text| is_word(text) && !others.contains(&text.as_str()));
        words.sort();
        words.dedup();
        assert!(words.len() > least, "{words:?}");
        for path in ["docs/c-abi.md", "docs/c-abi.zh.md"] {
            let text = page(path);
            let table = text.split("| `check` |").nth(table).unwrap().split("\n\n").next().unwrap();
            let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
            let mut described: Vec<String> = rows.map(str::to_owned).collect();
            described.sort();
            assert_eq!(described, words, "{path}");
        }
    }
}

/// Numbers of rules in a text, but for links to the paragraphs that state them.
fn bare_rules(text: &str, known: &[crate::rules::Rule]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("P-") {
        let digits: String = text[at + 2..].chars().take_while(char::is_ascii_digit).collect();
        let after = &text[at + 2 + digits.len()..];
        let is_rule = known.iter().any(|rule| digits == rule.number.to_string());
        let inside_a_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let target =
            after.strip_prefix("](").and_then(|rest| rest.split_once(')')).map_or("", |(target, _)| target);
        let linked = ["protocol.md", "protocol.zh.md", ""]
            .iter()
            .any(|page| target.rsplit('/').next() == Some(&format!("{page}#p-{digits}")));
        if is_rule && !inside_a_word && !linked {
            found.push(format!("P-{digits}"));
        }
    }
    found
}

/// Pages, packages and examples name a rule only by a link to its paragraph: its number says nothing to their readers.
#[test]
fn rules_are_named_with_their_words() {
    let known = crate::rules::read(&page("docs/protocol.md"));
    let without_code = |text: &str| text.split('`').step_by(2).collect::<String>();
    let mut texts = vec![("include/wosigndoc.h".to_owned(), page("include/wosigndoc.h"))];
    for folder in [
        "bindings/php/src",
        "bindings/php-testing/src",
        "bindings/java/src/main",
        "bindings/java-testing/src/main",
        "bindings/dotnet/src",
        "examples/c",
        "examples/dotnet",
        "examples/java",
        "examples/php",
        "examples/rust",
    ] {
        texts.extend(files(folder, &[".php", ".java", ".cs", ".c", ".rs", ".ashx"]));
    }
    let pages = files(".", &[".md"]).into_iter().map(|(file, text)| (file, without_code(&text)));
    texts.extend(pages.filter(|(file, _)| {
        !["docs/protocol.md", "docs/protocol.zh.md", "docs/conformance.md"].contains(&file.as_str())
    }));
    let bare: Vec<String> = texts
        .iter()
        .flat_map(|(file, text)| {
            bare_rules(text, &known).into_iter().map(move |rule| format!("{file}: {rule}"))
        })
        .collect();
    assert!(bare.is_empty(), "say it in words, or by a link to docs/protocol.md:\n{}", bare.join("\n"));
    assert_eq!(
        bare_rules("(P-30), [P-12](../docs/protocol.md#p-12), AP-1, P-256 and P-2", &known),
        ["P-30", "P-2"]
    );
}
