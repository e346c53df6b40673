//! How the platform is started, started again, and stopped.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use tempfile::tempdir;

use crate::sandbox::{COMMAND, CONTRACT, Sandbox, encode, order, pdf};

/// The first start makes everything a client needs; keys are the owner's alone.
#[test]
fn first_start_makes_a_sandbox() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("a/b/data");
    std::fs::create_dir_all(data.parent().unwrap()).unwrap();
    let sandbox = Sandbox::start(&data, &[]);
    let client = sandbox.client();
    assert_eq!(client["endpoint"], format!("https://127.0.0.1:{}/", sandbox.port));
    for file in [&client["identity"]["certificate_file"], &client["roots"]["ca_file"]] {
        assert!(file.as_str().unwrap().starts_with('/'), "{file}");
        assert!(std::fs::read_to_string(file.as_str().unwrap()).unwrap().contains("BEGIN CERTIFICATE"));
    }
    for name in ["ca.key", "server.key", "client.key", "client.p12", "client.json", "wosigndoc.db"] {
        let mode = std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    let passphrase = client["identity"]["passphrase"].as_str().unwrap();
    for told in [passphrase, client["tokenid"].as_str().unwrap(), "client.json", "sandbox-contract"] {
        assert!(sandbox.printed.contains(told), "{told} in {}", sandbox.printed);
    }
    let archive = std::fs::read(sandbox.path("client.p12")).unwrap();
    let opened = p12_keystore::Pkcs12Archive::from_pkcs12(&archive, passphrase);
    assert!(opened.is_ok());
    assert!(p12_keystore::Pkcs12Archive::from_pkcs12(&archive, "wrong").is_err());
}

/// What `dev --share` writes can be read by others, holds paths that are right there, and opens nothing else.
#[test]
fn shares_a_clients_files() {
    let folder = tempdir().unwrap();
    let (data, shared) = (folder.path().join("data"), folder.path().join("shared/client"));
    let sandbox = Sandbox::start(&data, &["--share", shared.to_str().unwrap()]);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&shared), 0o755);
    let mut names: Vec<_> =
        std::fs::read_dir(&shared).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["ca.pem", "client.json", "client.key", "client.p12", "client.pem"]);
    for name in &names {
        assert_eq!(mode(&shared.join(name)), 0o644, "{name:?}");
    }
    assert_eq!(mode(&data), 0o700);
    // As another user finds it: moved away from the data folder, which stays closed.
    let moved = folder.path().join("moved");
    std::fs::rename(&shared, &moved).unwrap();
    let config = serde_json::json!({"file": moved.join("client.json")});
    let report = wosigndoc::client::preflight(config.to_string().as_bytes(), None);
    assert_eq!(report["ok"], true, "{report}");
    drop(sandbox);
    // A folder on the way that is its owner's alone is named.
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let sandbox = Sandbox::start(&data, &["--share", closed.join("client").to_str().unwrap()]);
    let told = format!(
        "other users cannot enter this folder, so they cannot read the shared files folder={}",
        closed.display()
    );
    assert!(sandbox.log().contains(&told), "{}", sandbox.log());
    drop(sandbox);

    let inside = data.join("inside");
    let refused = Command::new(COMMAND)
        .args(["dev", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .arg("--share")
        .arg(&inside)
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("name a folder outside of it"));
    assert!(!inside.exists());
}

/// Covers P-11, P-13, P-10: the sandbox's template brings document, boxes and subject.
#[test]
fn the_template_serves_an_order_without_a_document() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut body = order(&sandbox.token(), "TEMPLATE");
    body["tempid"] = "sandbox-contract".into();
    body["subject"] = "".into();
    for name in ["filebase", "fileformat"] {
        body.as_object_mut().unwrap().remove(name);
    }
    for at in 0..2 {
        body["signerlist"][at].as_object_mut().unwrap().remove("signlist");
    }
    assert_eq!(sandbox.code(&body), 0);
    assert!(sandbox.admin(&["order", "show", "TEMPLATE"]).contains("subject:      沙箱合同"));
    // A template of one's own, whose document an order replaces.
    let document = folder.path().join("own.pdf");
    std::fs::write(&document, CONTRACT).unwrap();
    let signers = r#"[{"signType":2,"signlist":[{"pagenumber":4,"position":"0.1,0.1,0.2,0.2"}]}]"#;
    let document = document.to_str().unwrap();
    sandbox.admin(&["template", "add", "own", "--document", document, "--signers", signers]);
    body["orderNumber"] = "OWN".into();
    body["tempid"] = "own".into();
    assert_eq!(sandbox.code(&body), -48);
    body["signerlist"].as_array_mut().unwrap().remove(0);
    assert_eq!(sandbox.code(&body), 0);
    body["orderNumber"] = "OWN-2".into();
    body["filebase"] = encode(CONTRACT).into();
    body["fileformat"] = "pdf".into();
    assert_eq!(sandbox.code(&body), 0);
    sandbox.admin(&["template", "remove", "own"]);
    body["orderNumber"] = "OWN-3".into();
    assert_eq!(sandbox.code(&body), -43);
}

/// A template whose every order would be refused is not taken.
#[test]
fn takes_no_template_that_cannot_be_signed() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let file = |catalog: &str, page: &str| {
        let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned();
        let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page} >>");
        pdf(&[format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"), pages, page])
    };
    let locked = include_bytes!("../fixtures/final.pdf").to_vec();
    let cases = [
        (file("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", ""), "-61"),
        (file("/URI (javascript:app.alert\\(1\\))", ""), "-61"),
        (locked, "forbids any change"),
        (file("", "/Annots << /A 1 >>"), "-79"),
    ];
    let document = folder.path().join("template.pdf");
    let signers = r#"[{"signType":2,"signlist":[{"pagenumber":1,"position":"0.1,0.1,0.2,0.2"}]}]"#;
    for (bytes, reason) in cases {
        std::fs::write(&document, bytes).unwrap();
        let words =
            ["template", "add", "own", "--document", document.to_str().unwrap(), "--signers", signers];
        let told = crate::sandbox::admin(&sandbox.path(""), &words);
        let text = String::from_utf8(told.stderr).unwrap();
        assert!(!told.status.success() && text.contains(reason), "{text}");
    }
}

/// The second start uses what is there; orders and token stay, the endpoint follows the port.
#[test]
fn second_start_uses_what_is_there() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let (token, body) = (sandbox.token(), order(&sandbox.token(), "STAYS"));
    assert_eq!(sandbox.code(&body), 0);
    let read = |name: &str| std::fs::read(data.join(name)).unwrap();
    let before = ["ca.pem", "server.pem", "client.pem", "client.p12"].map(read);
    assert!(sandbox.signal("INT").success());
    let sandbox = Sandbox::start(&data, &[]);
    assert_eq!(["ca.pem", "server.pem", "client.pem", "client.p12"].map(read), before);
    assert_eq!(sandbox.token(), token);
    assert_eq!(sandbox.client()["endpoint"], format!("https://127.0.0.1:{}/", sandbox.port));
    assert!([-46, -47].contains(&sandbox.code(&body)));
    assert!(sandbox.signal("TERM").success());
    // A further host: another server's certificate, the same CA.
    let sandbox = Sandbox::start(&data, &["--host", "sign.example", "--host", "192.0.2.7"]);
    assert_eq!(["ca.pem", "client.pem"].map(read), [before[0].clone(), before[2].clone()]);
    assert_ne!(read("server.pem"), before[1]);
    assert!(sandbox.signal("TERM").success());
    // And `serve` takes the same folder.
    let sandbox = Sandbox::run("serve", &data, &[]);
    assert!([-46, -47].contains(&sandbox.code(&body)));
}

/// Covers P-3: a pair that was lost is made anew, and what depends on it follows.
#[test]
fn mends_a_lost_pair() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let (token, archive) = (sandbox.token(), std::fs::read(data.join("client.p12")).unwrap());
    assert!(sandbox.signal("TERM").success());
    for (at, name) in ["client", "ca", "server"].into_iter().enumerate() {
        for end in ["pem", "key"] {
            std::fs::remove_file(data.join(name).with_extension(end)).unwrap();
        }
        let sandbox = Sandbox::start(&data, &[]);
        assert_eq!(sandbox.token(), token);
        assert_eq!(sandbox.code(&order(&token, &format!("MENDED-{at}"))), 0, "{name}");
        let now = std::fs::read(data.join("client.p12")).unwrap();
        let passphrase = sandbox.client()["identity"]["passphrase"].as_str().unwrap().to_owned();
        assert!(now != archive && p12_keystore::Pkcs12Archive::from_pkcs12(&now, &passphrase).is_ok());
        assert!(sandbox.signal("TERM").success());
    }
}

/// `serve` makes nothing; two processes never share a folder; a port in use is told.
#[test]
fn refuses_to_start_with_a_reason() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let told = |words: &[&str]| {
        let done = Command::new(COMMAND).args(words).arg("--data").arg(&data).output().unwrap();
        assert!(!done.status.success());
        String::from_utf8(done.stderr).unwrap()
    };
    assert!(told(&["serve"]).contains("there is no data folder"));
    assert!(!data.exists());
    let sandbox = Sandbox::start(&data, &[]);
    assert!(told(&["dev", "--listen", "127.0.0.1:0"]).contains("another process is serving"));
    drop(sandbox);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(told(&["dev", "--listen", &address]).contains("cannot listen"));
    assert!(told(&["dev", "--callback", "http://shop.example/"]).contains("must be https"));
    std::fs::write(data.join("settings.json"), r#"{"max_bodies": 1}"#).unwrap();
    assert!(told(&["dev"]).contains("max_bodies"));
    // What a Chinese Windows writes, and what its Notepad sets before it.
    std::fs::write(data.join("settings.json"), b"{\"font\": \"\xcb\xce\xcc\xe5.ttf\"}").unwrap();
    assert!(told(&["dev"]).contains("settings.json is not UTF-8 (byte 10): save it as UTF-8"));
    std::fs::write(data.join("settings.json"), "\u{feff}{\"server_identity\": \"own.pem\"}").unwrap();
    let pair = |name: &str| std::fs::read_to_string(data.join(name)).unwrap();
    let (key, certificate) = (pair("server.key"), pair("server.pem"));
    for (own, reason) in [
        (certificate.clone(), "put certificate, chain and private key into this one file"),
        (key.clone(), "put the certificate into this file"),
        (certificate.clone() + &pair("ca.key"), "does not belong to the certificate"),
        (encrypted(&data.join("server.key")) + &certificate, "openssl pkey -in old.key -out new.key"),
    ] {
        std::fs::write(data.join("own.pem"), own).unwrap();
        let told = told(&["dev", "--listen", "127.0.0.1:0"]);
        assert!(told.contains("own.pem") && told.contains(reason), "{reason}: {told}");
    }
    // In any order, with the lines of Windows.
    std::fs::write(data.join("own.pem"), (key + &certificate).replace('\n', "\r\n")).unwrap();
    Sandbox::start(&data, &[]);
}

/// Returns a key in PEM, encrypted.
fn encrypted(key: &std::path::Path) -> String {
    let mut openssl = crate::tools::tool("openssl");
    let done = openssl.args(["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:secret", "-in"]);
    String::from_utf8(done.arg(key).output().unwrap().stdout).unwrap()
}

/// A reader that has read enough, as `head` does, is no failure, and stops no platform.
#[test]
fn bears_a_reader_that_goes() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "PIPE")), 0);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let listed =
        Command::new(COMMAND).args(["order", "list", "--data"]).arg(&data).stdout(writer).output().unwrap();
    assert!(listed.status.success());
    assert_eq!(String::from_utf8(listed.stderr).unwrap(), "");
}

/// Files of an order that has no row are removed at the next start.
#[test]
fn removes_what_a_crash_left_behind() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(Sandbox::start(&data, &[]).signal("TERM").success());
    let left = [data.join("documents/orders/0c9d"), data.join("documents/incoming/x")];
    for folder in &left {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("part-0"), "%PDF-").unwrap();
    }
    let _sandbox = Sandbox::start(&data, &[]);
    assert!(left.iter().all(|folder| !folder.exists()));
}

/// A request in flight is answered although the platform was told to stop.
#[test]
fn finishes_requests_before_it_stops() {
    use std::io::{Read, Write};
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let body = order(&sandbox.token(), "LAST").to_string();
    let (first, rest) = body.split_at(body.len() / 2);
    let mut stream = sandbox.connect();
    let length = body.len();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    )
    .unwrap();
    // The platform says so when it begins to read the order: the request is under way.
    let mut word = [0; 25];
    stream.read_exact(&mut word).unwrap();
    assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first.as_bytes()).unwrap();
    let rest = rest.to_owned();
    let answer = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        crate::sandbox::exchange(stream, rest.as_bytes()).unwrap()
    });
    assert!(sandbox.signal("TERM").success());
    let (status, answer) = answer.join().unwrap();
    assert_eq!((status, crate::sandbox::code(&answer)), (200, 0), "{answer}");
}

/// `serve` prints no passphrase: what a service prints is kept in journals.
#[test]
fn serve_prints_no_secret() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let (client, token) = (sandbox.client(), sandbox.token());
    assert!(sandbox.signal("TERM").success());
    let sandbox = Sandbox::run("serve", &data, &[]);
    for secret in [client["identity"]["passphrase"].as_str().unwrap(), &token] {
        assert!(!sandbox.printed.contains(secret) && !sandbox.log().contains(secret));
    }
}

/// Covers P-32: orders whose files cannot be read hold up nobody: one that is gone fails, one on a bad disk waits.
#[test]
fn a_broken_order_holds_up_nobody() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let body = |number: &str| order(&sandbox.token(), number);
    let mut signids = Vec::new();
    for at in 0..8 {
        let number = format!("BROKEN-{at}");
        signids.push(sandbox.order(&body(&number))["signid"].as_str().unwrap().to_owned());
        sandbox.wait_for(&number, "state:        signed");
    }
    let (next, gone) = (body("NEXT"), "BROKEN-0");
    assert!(sandbox.signal("TERM").success());
    let database = rusqlite::Connection::open(data.join("wosigndoc.db")).unwrap();
    database
        .execute_batch("DELETE FROM pushes; UPDATE orders SET state = 'accepted', sha256 = NULL")
        .unwrap();
    drop(database);
    for (at, signid) in signids.iter().enumerate() {
        let document = data.join("documents/orders").join(signid).join("filebase");
        std::fs::remove_file(&document).unwrap();
        if at > 0 {
            // Reading a folder fails as a bad disk does.
            std::fs::create_dir(&document).unwrap();
        }
    }
    std::fs::write(data.join("settings.json"), r#"{"signing_threads": 2}"#).unwrap();
    let sandbox = Sandbox::start(&data, &[]);
    assert_eq!(sandbox.code(&next), 0);
    sandbox.wait_for("NEXT", "state:        signed");
    sandbox.wait_for(gone, "failure:      [-69]");
    assert!(sandbox.admin(&["order", "show", "BROKEN-1"]).contains("state:        accepted"));
}

/// What a caller named an order does nothing to the terminal of whoever lists orders.
#[test]
fn lists_orders_without_control_characters() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let number = "EVIL\u{1b}[2J\n";
    assert_eq!(sandbox.code(&order(&sandbox.token(), number)), 0);
    for words in [&["order", "list"][..], &["order", "show", number]] {
        let told = sandbox.admin(words);
        assert!(told.contains("EVIL") && !told.contains('\u{1b}'), "{told:?}");
    }
}
