//! Makes docs/errors.md from the catalogue.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/page.rs"]
mod page;

use std::fmt::Write;

use wosigndoc::protocol::catalogue::Entry;
use wosigndoc::protocol::{Code, Kind, Reason};

/// The page lists every kind, code and reason.
#[test]
fn page_is_current() {
    page::check("docs/errors.md", &render());
}

fn render() -> String {
    let mut page = String::from(
        "# Errors\n\n\
         What comes back for a failure is one JSON document, in every language the same:\n\n\
         | field | |\n|---|---|\n\
         | `kind` | what sort of failure; each language maps it to an exception type |\n\
         | `reason` | a stable word for programs |\n\
         | `message`, `message_zh` | what happened |\n\
         | `advice`, `advice_zh` | what to do |\n\
         | `retry` | whether the same call, made again later, can succeed |\n\
         | `may_have_arrived` | whether the order may have reached the platform (send the same one again) |\n\
         | `code` | the protocol's number, where there is one |\n\
         | `field` | the field or setting at fault, e.g. `signerlist[1].userNo` |\n\
         | `violations` | of an invalid order: every broken rule with `code`, `field` and messages |\n\
         | `warnings` | oddities that stopped nothing |\n\
         | `http_status`, `body_start` | of an answer that is not the protocol |\n\n\
         Each package adds what it finds by itself: the kind `native_library` (the library is missing, or of another\n\
         ABI), and reasons about what a language has and C has not, such as a stream that cannot be read.\n\n\
         No message holds a password, token, key, identity number or document.\n\n\
         Made from the catalogue by `tests/error_page.rs`; refresh it with\n\
         `TEST_REFRESH=1 cargo test --test error_page`.\n\n\
         ## Codes of the protocol\n\n\
         As the platform answers them, and as a violation of an invalid order.\n\n\
         | code | meaning | 含义 | what to do | 处理 | retry |\n|---|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let _ = writeln!(page, "| {} | {} |", code.number(), cells(code.entry()));
    }
    for kind in Kind::ALL {
        let word = serde_json::to_value(kind).unwrap();
        let _ = write!(
            page,
            "\n## {} ({})\n\n| reason | meaning | 含义 | what to do | 处理 | retry |\n|---|---|---|---|---|---|\n",
            word.as_str().unwrap(),
            kind.status()
        );
        for reason in Reason::ALL.iter().filter(|reason| reason.kind() == kind) {
            let _ = writeln!(page, "| `{}` | {} |", reason.word(), cells(reason.entry()));
        }
    }
    page
}

fn cells(entry: Entry) -> String {
    let retry = if entry.retry { "yes" } else { "no" };
    [entry.message.en, entry.message.zh, entry.advice.en, entry.advice.zh, retry].join(" | ")
}
