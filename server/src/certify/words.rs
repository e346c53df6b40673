//! What is said of an answer, and what to do about it.

use std::time::Duration;

use wosigndoc::protocol::Bilingual;

use super::limits;
use super::report::{Finding, Kind};
use super::shot::{Grade, Harm};
use crate::push::{Called, Failure};

const STORE_FIRST: Bilingual = Bilingual::fixed(
    "answer 1 only when this document, byte by byte, is stored by a transaction that is committed",
    "只有在该文档原样存好、事务提交之后才应答 1",
);

const CHECK_FIRST: Bilingual = Bilingual::fixed(
    "check the push before storing it: whole JSON, actiontype, status, orderNumber, document and hash; answer HTTP 400 to what is \
     wrong, and the platform pushes again",
    "存储之前请检查推送：JSON 完整，actiontype、status、orderNumber、文档和哈希均正确；不正确时返回 HTTP 400，平台会重新推送",
);

/// Says that a push which is right was not acknowledged; `long` where its length is what was tried.
pub fn missing(called: &Called, grade: Grade, long: bool) -> Finding {
    let why = called.judge().err().unwrap_or_default();
    let message = Bilingual::new(
        format!("not acknowledged, so it would be pushed again and again: {}", why.en),
        format!("未被确认，平台会不断重新推送：{}", why.zh),
    );
    let limit = called.answer.as_ref().filter(|answer| long || answer.status == 413).and_then(limits::met);
    let (kind, advice) = match (&called.failure, limit) {
        (_, Some(limit)) => (Kind::Limit, limit),
        (Some(Failure::Stalled(_) | Failure::TooLong), _) => (Kind::Slow, IN_TIME),
        _ if long => (Kind::Limit, limits::UNKNOWN),
        _ => (Kind::Missing, advice(called)),
    };
    Finding { kind, grade, message, advice }
}

const IN_TIME: Bilingual = Bilingual::fixed(
    "the platform waits for 15 s: store the document, answer 1, and do afterwards what takes long",
    "平台只等待 15 秒：请先存好文档并应答 1，耗时的处理放在之后",
);

/// Says what an answer that does not acknowledge asks to be done.
fn advice(called: &Called) -> Bilingual {
    match called.answer.as_ref().map(|answer| answer.status) {
        None => Bilingual::fixed(
            "the connection broke before the answer: look into the site's log, whether its process ended",
            "连接在应答前断开：请查看站点日志，确认进程是否异常退出",
        ),
        Some(200) => Bilingual::fixed(
            "answer with the single character 1 and nothing around it, once the push is stored",
            "存好之后只应答一个字符 1，前后不要有任何内容",
        ),
        Some(201..=299) => Bilingual::fixed("answer HTTP 200", "应返回 HTTP 200"),
        Some(300..=399) => Bilingual::fixed(
            "register the URL that it redirects to, with its / at the end and its https",
            "请登记重定向后的 URL（注意结尾的 / 与 https）",
        ),
        Some(401 | 403 | 419) => Bilingual::fixed(
            "the platform logs in nowhere and sends neither cookie nor CSRF token: exempt the callback from both",
            "平台不会登录，也不发送 Cookie 或 CSRF 校验码：请为回调地址免除这些检查",
        ),
        Some(404 | 405) => Bilingual::fixed(
            "look whether this is the callback's URL, and whether it takes POST",
            "请确认这是回调地址，并且接受 POST",
        ),
        Some(_) => Bilingual::fixed(
            "look into the site's log for what kept it from storing this push",
            "请在站点日志中查看无法存下该推送的原因",
        ),
    }
}

/// Says that a push was acknowledged which should not have been.
pub fn accepted(harm: &Harm, verifies: bool) -> Finding {
    let message = Bilingual::new(
        format!("answered 1 although {}", harm.words.en),
        format!("{}，却应答了 1", harm.words.zh),
    );
    if !harm.forgery {
        return Finding { kind: Kind::Accepted, grade: harm.grade, message, advice: CHECK_FIRST };
    }
    Finding {
        kind: Kind::Forgery,
        grade: if verifies { harm.grade } else { Grade::Advice },
        message,
        advice: Bilingual::fixed(
            "anybody who knows the URL can post this: verify the signatures before answering 1 (docs/verification.md)",
            "任何知道该 URL 的人都能这样推送：应答 1 之前请验证签名（docs/verification.zh.md）",
        ),
    }
}

/// Says that an acknowledged document is not stored.
pub fn lost() -> Finding {
    Finding {
        kind: Kind::Lost,
        grade: Grade::Wrong,
        message: Bilingual::fixed(
            "answered 1, and nothing that is stored equals this document: a contract lost",
            "应答了 1，但存下的内容中没有该文档：合同已丢失",
        ),
        advice: STORE_FIRST,
    }
}

/// Says that an acknowledged document was stored and is there no more.
pub fn gone() -> Finding {
    Finding {
        kind: Kind::Gone,
        grade: Grade::Wrong,
        message: Bilingual::fixed(
            "stored when it was acknowledged, and gone later: a contract lost",
            "确认时已存下，之后却消失：合同已丢失",
        ),
        advice: Bilingual::fixed(
            "name what is stored by its signid, so that no other push takes its place",
            "请以 signid 命名存下的文档，避免被其他推送覆盖",
        ),
    }
}

/// Says that a second document took the place of the first.
pub fn replaced() -> Finding {
    Finding {
        kind: Kind::Replaced,
        grade: Grade::Advice,
        message: Bilingual::fixed(
            "the second document took the place of the first, which had been acknowledged",
            "第二份文档覆盖了此前已确认的第一份",
        ),
        advice: Bilingual::fixed(
            "the platform gives an orderNumber to one signed document; keep both all the same, by their signids",
            "平台不会为同一 orderNumber 签出两份文档；仍请按 signid 分别保存",
        ),
    }
}

/// Says that a document is stored so many times.
pub fn doubled(copies: usize) -> Finding {
    Finding {
        kind: Kind::Doubled,
        grade: Grade::Advice,
        message: Bilingual::new(
            format!("the same push was stored anew: there are {copies} copies now"),
            format!("同一推送被重复存储：现有 {copies} 份"),
        ),
        advice: Bilingual::fixed(
            "a push comes again when its acknowledgement is lost: remember what is processed, and answer 1 at once \
             (docs/deliveries.md)",
            "应答丢失时平台会重新推送：请记住已处理的推送，再次收到时直接应答 1（docs/deliveries.zh.md）",
        ),
    }
}

/// Says that a document which was refused is stored.
pub fn kept() -> Finding {
    Finding {
        kind: Kind::Kept,
        grade: Grade::Advice,
        message: Bilingual::fixed("not acknowledged, and stored all the same", "未予确认，却仍然存下了"),
        advice: Bilingual::fixed(
            "put a document among the others only when everything about it is right",
            "只有在一切检查通过之后，才将文档放入正式位置",
        ),
    }
}

/// Says that a push was not acknowledged while others came: refused, or worse, left without an answer.
pub fn busy(called: &Called) -> Finding {
    let why = called.judge().err().unwrap_or_default();
    Finding {
        kind: Kind::Busy,
        grade: if called.failure.is_none() { Grade::Advice } else { Grade::Wrong },
        message: Bilingual::new(
            format!("acknowledged only when it came alone; while others came: {}", why.en),
            format!("单独到达时才得到确认；与其他推送同时到达时：{}", why.zh),
        ),
        advice: Bilingual::fixed(
            "the platform has four pushes under way to a callback: let them be stored side by side",
            "平台会同时向一个回调地址发出四个推送：请支持并行存储",
        ),
    }
}

/// Says that an answer took long.
pub fn slow(waited: Duration) -> Finding {
    let seconds = waited.as_secs();
    let message = Bilingual::new(format!("answered after {seconds} s"), format!("{seconds} 秒后才应答"));
    Finding { kind: Kind::Slow, grade: Grade::Advice, message, advice: IN_TIME }
}

/// Says that something odd was not answered in time.
pub fn hung(called: &Called) -> Finding {
    let message = called.judge().err().unwrap_or_default();
    let advice = Bilingual::fixed(
        "answer what is broken at once, with HTTP 400: a request that hangs holds a worker",
        "对无法处理的请求应立即返回 HTTP 400：挂起的请求会占用工作线程",
    );
    Finding { kind: Kind::Slow, grade: Grade::Advice, message, advice }
}
