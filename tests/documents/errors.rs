//! Makes docs/errors.md and docs/errors.zh.md from the catalogue.

use std::fmt::Write;

use wosigndoc::protocol::catalogue::Entry;
use wosigndoc::protocol::{Bilingual, Code, Kind, Reason};

/// The words of a page in one language.
struct Words {
    /// What stands before the tables.
    head: &'static str,
    codes: &'static str,
    columns: &'static str,
    yes_no: [&'static str; 2],
    of: fn(&Bilingual) -> &str,
}

const ENGLISH: Words = Words {
    head: "# Errors\n\n\
        What comes back for a failure is one JSON document, in every language the same. [中文](errors.zh.md)\n\n\
        | field | |\n|---|---|\n\
        | `kind` | what sort of failure; each language maps it to an exception type |\n\
        | `reason` | a stable word for programs |\n\
        | `message`, `message_zh` | what happened, in English and Chinese |\n\
        | `advice`, `advice_zh` | what to do |\n\
        | `retry` | whether the same call, made again later, can succeed |\n\
        | `may_have_arrived` | whether the order may have reached the platform (send the same one again) |\n\
        | `code` | the protocol's number, where there is one |\n\
        | `field` | the field or setting at fault, e.g. `signerlist[1].userNo` |\n\
        | `violations` | of an invalid order: every broken rule with `code`, `field` and messages |\n\
        | `warnings` | oddities that stopped nothing |\n\
        | `answer_status` | of a push that cannot be received: the HTTP status to answer |\n\
        | `http_status`, `body_start` | of an answer that is not the protocol |\n\n\
        Each package adds what it finds by itself: the kind `native_library` (the library is missing, or of another\n\
        ABI), and reasons about what a language has and C has not, such as a stream that cannot be read.\n\n\
        No message holds a password, token, key, identity number or document.\n\n\
        Made from the catalogue by `tests/documents/errors.rs`; refresh it with\n\
        `TEST_REFRESH=1 cargo test --test documents errors`.\n\n\
        ## Codes of the protocol\n\n\
        As the platform answers them, and as a violation of an invalid order.\n",
    codes: "code",
    columns: "meaning | what to do | retry",
    yes_no: ["yes", "no"],
    of: |text| &text.en,
};

const CHINESE: Words = Words {
    head: "# 错误\n\n\
        失败时返回一个 JSON 文档，各语言相同。[English](errors.md)\n\n\
        | 字段 | |\n|---|---|\n\
        | `kind` | 失败的种类；各语言映射为各自的异常类型 |\n\
        | `reason` | 供程序判断的固定单词 |\n\
        | `message`、`message_zh` | 发生了什么，英文和中文 |\n\
        | `advice`、`advice_zh` | 如何处理 |\n\
        | `retry` | 稍后重复同样的调用能否成功 |\n\
        | `may_have_arrived` | 订单是否可能已送达平台（请再次发送同一订单） |\n\
        | `code` | 协议的错误码（如果有） |\n\
        | `field` | 有问题的字段或配置项，例如 `signerlist[1].userNo` |\n\
        | `violations` | 订单无效时：不符合规则的每一项，含 `code`、`field` 和消息 |\n\
        | `warnings` | 不妨碍执行的异常 |\n\
        | `answer_status` | 无法接收的推送：应回答的 HTTP 状态 |\n\
        | `http_status`、`body_start` | 应答不符合协议时，其状态码和开头 |\n\n\
        各软件包另有自己发现的错误：种类 `native_library`（原生库缺失，或 ABI 不符），以及该语言特有的原因，例如流无法读取。\n\n\
        任何消息都不含密码、TokenID、密钥、证件号码和文档。\n\n\
        本页由 `tests/documents/errors.rs` 根据目录生成；更新：`TEST_REFRESH=1 cargo test --test documents errors`。\n\n\
        ## 协议的错误码\n\n\
        平台如此应答，订单无效时也作为其中一项。\n",
    codes: "错误码",
    columns: "含义 | 处理 | 可重试",
    yes_no: ["是", "否"],
    of: |text| &text.zh,
};

/// The pages list every kind, code and reason.
#[test]
fn pages_are_current() {
    crate::page::check("docs/errors.md", &render(&ENGLISH));
    crate::page::check("docs/errors.zh.md", &render(&CHINESE));
}

fn render(words: &Words) -> String {
    let mut page = words.head.to_owned();
    let table = |first: &str| format!("\n| {first} | {} |\n|---|---|---|---|\n", words.columns);
    page.push_str(&table(words.codes));
    for code in Code::ALL {
        let _ = writeln!(page, "| {} | {} |", code.number(), cells(words, code.entry()));
    }
    for kind in Kind::ALL {
        let word = serde_json::to_value(kind).unwrap();
        let _ = write!(page, "\n## {} ({})\n{}", word.as_str().unwrap(), kind.status(), table("reason"));
        for reason in Reason::ALL.iter().filter(|reason| reason.kind() == kind) {
            let _ = writeln!(page, "| `{}` | {} |", reason.word(), cells(words, reason.entry()));
        }
    }
    page
}

fn cells(words: &Words, entry: Entry) -> String {
    let retry = words.yes_no[usize::from(!entry.retry)];
    [(words.of)(&entry.message), (words.of)(&entry.advice), retry].join(" | ")
}
