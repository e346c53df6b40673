//! The TLS under an order: its versions, the server's certificate and the client's.

use crate::common::{Act, Server, World, fails, send, taken};
use serde_json::json;
use wosigndoc::protocol::{Kind, Reason};

/// Covers P-3: both versions of TLS that are still sound.
#[test]
fn speaks_tls_1_2_and_1_3() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = Server::speaking(version);
        let client = server.client(|_| {});
        assert!(send(&client).is_ok() && send(&client).is_ok());
        assert_eq!(server.connections(), 1);
    }
}

/// Covers P-3: the server's certificate is always verified, and each way of failing has its own reason.
#[test]
fn verifies_the_server() {
    let start = |world| Server::in_world(world, [], Act::Answer(200, taken()), true);
    let expired = World::with(&["127.0.0.1"], |params| params.not_after = rcgen::date_time_ymd(2001, 1, 1));
    let early = World::with(&["127.0.0.1"], |params| params.not_before = rcgen::date_time_ymd(2999, 1, 1));
    for (world, reason) in [
        (World::with(&["example.org"], |_| {}), Reason::ServerName),
        (expired, Reason::ServerExpired),
        (early, Reason::ServerExpired),
    ] {
        let server = start(world);
        let error = fails(&server.client(|_| {}));
        assert_eq!((error.kind(), error.reason()), (Kind::Tls, reason));
        assert!(!error.may_have_arrived());
        assert_eq!(server.requests().len(), 0);
    }
    let server = start(World::new());
    let stranger = World::new();
    let error = fails(&server.client(|config| config["roots"] = json!({"ca": stranger.ca.pem()})));
    assert_eq!(error.reason(), Reason::ServerUntrusted);
    let error = fails(&server.client(|config| config["roots"] = json!({"system": true})));
    assert_eq!(error.reason(), Reason::ServerUntrusted);
    // Both together trust what either trusts.
    send(&server.client(|config| config["roots"]["system"] = json!(true))).unwrap();
}

/// Covers P-3: a server that takes no certificate of this CA says so in the handshake; it is told as that.
#[test]
fn tells_a_refused_client_certificate() {
    let server = Server::start([]);
    let stranger = World::new();
    let error = fails(&server.client(|config| {
        config["identity"] = json!({"certificate": stranger.client_pem, "key": stranger.client_key});
    }));
    assert_eq!((error.kind(), error.reason()), (Kind::Tls, Reason::TlsFailed), "{error}");
    assert!(!error.may_have_arrived());
}
