//! A site's tests: each with a sandbox of its own, all at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wosigndoc::protocol::Reason;
use wosigndoc::push::{Options as PushOptions, Sink, receive};
use wosigndoc::verify::{Verdict, verify};
use wosigndoc::{DocumentSource, SignOrder, Signer};
use wosigndoc_testing::{Options, OrderState, WoSignDocSandbox};

fn scan() -> DocumentSource {
    DocumentSource::Bytes(include_bytes!("../../../examples/material.png").to_vec().into())
}

fn contract(number: &str) -> SignOrder {
    SignOrder::new(number)
        .template("sandbox-contract")
        .signer(
            Signer::organisation("云杉软件（示例）有限公司", "91350100M000100Y43").materials(scan(), scan()),
        )
        .signer(Signer::person("李明", "11010519491231002X").materials(scan(), scan()))
}

#[test]
fn a_contract_comes_back_signed() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.client().create(&contract("A-1")).unwrap();
    let push = sandbox.await_push("A-1").unwrap();
    let document = push.document.unwrap();
    assert_eq!(document, sandbox.document("A-1").unwrap());
    assert_eq!(verify(document, &sandbox.trust().unwrap()).verdict, Verdict::Valid);
    assert_eq!(sandbox.orders().unwrap().len(), 1);
    assert!(sandbox.log().contains("order signed"), "{}", sandbox.log());
}

#[test]
fn an_order_is_refused() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.refuse(-68, None).unwrap();
    assert_eq!(sandbox.client().create(&contract("A-1")).unwrap_err().code(), Some(-68));
    sandbox.client().create(&contract("A-1")).unwrap();
    assert!(sandbox.refuse(7, Some("A-2")).unwrap_err().to_string().contains("refuse=CODE"));
}

#[test]
fn an_order_fails() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.fail(-50, None).unwrap();
    sandbox.client().create(&contract("A-1")).unwrap();
    let push = sandbox.await_push("A-1").unwrap();
    assert_eq!((push.signed, push.errorcodes), (false, vec![-50]));
}

#[test]
fn a_site_is_down_for_days() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.answer_pushes(503, "down", 0).unwrap();
    sandbox.client().create(&contract("A-1")).unwrap();
    sandbox.await_state("A-1", OrderState::Pushed).unwrap();
    sandbox.advance("80h").unwrap();
    assert_eq!(sandbox.order("A-1").unwrap().push_state.as_deref(), Some("undelivered"));
    sandbox.clear_inbox().unwrap();
    sandbox.push_again("A-1").unwrap();
    assert!(sandbox.await_push("A-1").unwrap().signed);
}

#[test]
fn an_answer_is_lost() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.fault("lose-answer", Some("A-1"), 1).unwrap();
    let created = sandbox.client().create(&contract("A-1")).unwrap();
    assert!(created.accepted_before && created.attempts == 2);
    assert_eq!(sandbox.orders().unwrap().len(), 1);
}

#[test]
fn a_wrong_push_is_followed_by_the_right_one() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.fault("wrong-hash", None, 1).unwrap();
    sandbox.client().create(&contract("A-1")).unwrap();
    let options = PushOptions::from_json(br#"{"expect": {"ordernumber": "B-2"}}"#).unwrap();
    let other = sandbox.await_push_with("A-1", Duration::from_secs(30), options).map(drop).unwrap_err();
    assert_eq!(other.refused().unwrap().reason(), Reason::UnexpectedOrder);
    sandbox.await_state("A-1", OrderState::Acknowledged).unwrap();
    let inbox = sandbox.inbox(None).unwrap();
    assert!(inbox[0].error.as_ref().unwrap().contains("hash") && inbox[1].error.is_none(), "{inbox:?}");
    assert_eq!(sandbox.inbox(Some("A-1")).unwrap(), inbox[1..]);
    let journal = sandbox.journal(Some("A-1")).unwrap();
    let tries: Vec<_> = journal.iter().map(|entry| (entry.tries, entry.status)).collect();
    assert_eq!(tries, [(None, Some(200)), (Some(1), Some(400)), (Some(2), Some(200))], "the oldest first");
    let right = inbox[1].body().unwrap();
    sandbox.push_again("A-1").unwrap();
    assert_eq!(sandbox.await_body("A-1").unwrap(), right);
}

#[test]
fn a_forgery_is_seen() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    sandbox.fault("foreign-document", None, 1).unwrap();
    sandbox.client().create(&contract("A-1")).unwrap();
    let document = sandbox.await_push("A-1").unwrap().document.unwrap();
    assert_eq!(verify(document, &sandbox.trust().unwrap()).verdict, Verdict::Invalid);
}

#[test]
fn sandboxes_do_not_see_each_other() {
    let (one, other) = (WoSignDocSandbox::start().unwrap(), WoSignDocSandbox::start().unwrap());
    one.client().create(&contract("A-1")).unwrap();
    one.set_clock("2038-01-19T03:14:08Z").unwrap();
    assert!(one.now().unwrap().starts_with("2038-01-19T03:14") && other.now().unwrap() < one.now().unwrap());
    assert!(other.order("A-1").is_err());
    assert!(other.document("A-1").is_err_and(|error| !error.is_timeout()));
    one.callback(Some("http://127.0.0.1:1/elsewhere")).unwrap();
    one.reset().unwrap();
    one.client().create(&contract("A-1")).unwrap();
    assert!(one.await_push("A-1").unwrap().signed, "the callback went back too");
    one.reset().unwrap();
    assert!(one.order("A-1").is_err());
}

/// Whoever waits in vain is told where the order stands, in both languages.
#[test]
fn waiting_in_vain_says_why() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    let late = sandbox.await_state_for("A-1", OrderState::Signed, Duration::ZERO).unwrap_err();
    assert!(
        late.is_timeout() && late.message().contains("the platform has accepted no such order"),
        "{late}"
    );
    assert!(late.message_zh().contains("平台没有接受过该订单"), "{late}");
    sandbox.client().create(&contract("A-1")).unwrap();
    sandbox.await_state("A-1", OrderState::Acknowledged).unwrap();
    let never = sandbox.await_state("A-1", OrderState::Failed).unwrap_err();
    assert!(never.is_timeout() && never.to_string().contains("cannot become failed any longer"), "{never}");
    assert!(never.message().contains(" push A-1, try 1: 200 1"), "{never}");
}

/// The site's own callback, which stores what it takes.
#[test]
fn a_callback_of_ones_own_is_called() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/push", listener.local_addr().unwrap());
    let site = std::thread::spawn(move || {
        let mut reader = BufReader::new(listener.accept().unwrap().0);
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).unwrap() > 2 {
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let received = receive(&body, PushOptions::default(), Sink::Owned).unwrap();
        reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1").unwrap();
        received.document.unwrap()
    });
    let sandbox =
        WoSignDocSandbox::start_with(&Options { callback: Some(url), ..Options::default() }).unwrap();
    sandbox.client().create(&contract("A-1")).unwrap();
    sandbox.await_state("A-1", OrderState::Acknowledged).unwrap();
    assert_eq!(site.join().unwrap(), sandbox.document("A-1").unwrap());
}

/// The name of a variable that is set where a sandbox is to be held.
const HOLD: &str = "HOLD_A_SANDBOX";

/// Prints where its sandbox is, and waits to be killed: `nothing_is_left` runs this in a process of its own.
#[test]
fn held_until_killed() {
    if std::env::var_os(HOLD).is_none() {
        return;
    }
    let sandbox = WoSignDocSandbox::start().unwrap();
    println!("{}", sandbox.configuration_file().display());
    std::thread::sleep(Duration::from_secs(60));
}

/// Neither the end of a test nor its death by force leaves a process, a port or a folder.
#[cfg(unix)]
#[test]
fn nothing_is_left() {
    let sandbox = WoSignDocSandbox::start().unwrap();
    let (data, endpoint) =
        (sandbox.configuration_file().parent().unwrap().to_owned(), sandbox.endpoint().to_owned());
    let address = endpoint.trim_start_matches("https://").trim_end_matches('/').to_owned();
    assert!(std::net::TcpStream::connect(&address).is_ok() && data.exists());
    drop(sandbox);
    assert!(std::net::TcpStream::connect(&address).is_err() && !data.exists());

    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["held_until_killed", "--nocapture", "--exact"])
        .env(HOLD, "yes")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(test.stdout.take().unwrap()).lines();
    let path =
        lines.find_map(|line| Some(line.unwrap()).filter(|line| line.ends_with("client.json"))).unwrap();
    let data = Path::new(path.split(' ').next_back().unwrap()).parent().unwrap();
    assert!(data.exists());
    test.kill().unwrap();
    test.wait().unwrap();
    for _ in 0..3000 {
        if !data.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{} is still there", data.display());
}

/// What the pages about testing show is what runs here.
#[test]
fn pages_show_what_runs() {
    let this = include_str!("site.rs");
    let start = this.find("#[test]\nfn a_site_is_down_for_days").unwrap();
    let shown = &this[start..start + this[start..].find("\n}\n").unwrap() + 3];
    for page in [include_str!("../../../docs/testing.md"), include_str!("../../../docs/testing.zh.md")] {
        assert!(page.contains(shown), "a page has not: {shown}");
    }
}
