//! Where an order stands, and its journal, in words: what whoever waited in vain is told.

use axum::http::StatusCode;
use serde_json::json;
use wosigndoc::protocol::Bilingual;

use super::Control;
use super::answer::Refusal;
use super::orders::Order;
use crate::clock;
use crate::journal::{Entry, Kind};
use crate::store::orders::{ListedOrder, ListedPush};

/// The largest number of exchanges in one message: the newest.
const MAX_LINES: usize = 50;
/// The largest number of characters of an answer in one line.
const MAX_ANSWER: usize = 200;

/// Refuses a wait: what has not happened, where the order stands, and its journal, the oldest first. Nothing is said that the
/// journal and the list of orders do not show.
pub fn in_vain(
    control: &Control,
    status: StatusCode,
    what: &Bilingual,
    number: &str,
    order: Option<ListedOrder>,
) -> Refusal {
    let stands = match &order {
        Some(order) => of_order(order),
        None => Bilingual::fixed("the platform has accepted no such order", "平台没有接受过该订单"),
    };
    let mut entries = control.journal.newest(|entry| entry.is_about(number), MAX_LINES);
    entries.reverse();
    let mut journal = Bilingual::default();
    for line in entries.iter().map(of_exchange) {
        journal.en.to_mut().push_str(&format!("\n  {}", line.en));
        journal.zh.to_mut().push_str(&format!("\n  {}", line.zh));
    }
    if entries.is_empty() {
        journal = Bilingual::fixed(" nothing", "无");
    }
    Refusal::new(
        status,
        format!("{}: {}; its journal:{}", what.en, stands.en, journal.en),
        format!("{}：{}；其往来记录：{}", what.zh, stands.zh, journal.zh),
    )
    .standing(order.map_or(json!(null), |order| json!(Order::from(order))))
}

/// Says where an order stands: `signed (signid 17), its push pending after 1 try, the next at 2027-01-31T08:00:00Z (HTTP 503)`.
pub fn of_order(order: &ListedOrder) -> Bilingual {
    let word = match order.state.as_str() {
        "accepted" => "已接受",
        "signed" => "已签署",
        _ => "失败",
    };
    let code = order.failure.as_ref().map(|(code, _)| *code);
    let (with, with_zh) =
        code.map_or_else(Default::default, |code| (format!(" with {code}"), format!("（{code}）")));
    let push = order.push.as_ref().map(of_push).unwrap_or_default();
    Bilingual::new(
        format!("{}{with} (signid {}){}", order.state, order.signid, push.en),
        format!("{word}{with_zh}（signid {}）{}", order.signid, push.zh),
    )
}

fn of_push(push: &ListedPush) -> Bilingual {
    let word = match push.state.as_str() {
        "pending" => "待推送",
        "acknowledged" => "已确认",
        _ => "未送达",
    };
    let tries = if push.tries == 1 { "1 try".to_owned() } else { format!("{} tries", push.tries) };
    let mut said = Bilingual::new(
        format!(", its push {} after {tries}", push.state),
        format!("，推送{word}，已尝试 {} 次", push.tries),
    );
    let mut add = |en: &str, zh: &str| {
        said.en.to_mut().push_str(en);
        said.zh.to_mut().push_str(zh);
    };
    if !push.has_callback {
        add(", there is no callback URL", "，没有回调地址");
    } else if push.state == "pending" {
        let next = clock::shown(push.next_try);
        add(&format!(", the next at {next}"), &format!("，下次在 {next}"));
    }
    if let Some(error) = &push.last_error {
        add(&format!(" ({error})"), &format!("（“{error}”）"));
    }
    said
}

/// Says an exchange in one line: `2027-01-31T08:00:00Z push A-1, try 1: 503 busy (…)`.
pub fn of_exchange(entry: &Entry) -> Bilingual {
    let (kind, kind_zh) = match entry.kind {
        Kind::Order => ("order", "订单"),
        Kind::Push => ("push", "推送"),
    };
    let number = entry.order_number.as_ref().map_or_else(
        || Bilingual::fixed("of an unknown number", "编号未知"),
        |number| Bilingual::same(one_line(number)),
    );
    let (tried, tried_zh) = entry
        .tries
        .map_or_else(Default::default, |tries| (format!(", try {tries}"), format!("，第 {tries} 次")));
    let answer = entry.answer.as_ref().map_or_else(
        || Bilingual::fixed("no answer", "没有应答"),
        |answer| {
            let status = answer.status.map(|status| status.to_string()).unwrap_or_default();
            let start = one_line(answer.start.as_deref().unwrap_or_default());
            Bilingual::same(format!("{status} {start}").trim())
        },
    );
    let error = entry.error.as_deref().map(one_line);
    let (error, error_zh) =
        error.map_or_else(Default::default, |error| (format!(" ({error})"), format!("（“{error}”）")));
    Bilingual::new(
        format!("{} {kind} {}{tried}: {}{error}", entry.at, number.en, answer.en),
        format!("{} {kind_zh} {}{tried_zh}：{}{error_zh}", entry.at, number.zh, answer.zh),
    )
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_ANSWER).collect()
}
