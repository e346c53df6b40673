//! Configurations: what is taken, what is named when it is wrong, and where they come from.

use serde_json::{Value, json};

use super::settings::{VARIABLES, VariableKind};
use super::{Client, Config, OrderSettings, resolve};
use crate::protocol::Reason;

fn full() -> Value {
    json!({
        "endpoint": "https://docapitest.wosign.com",
        "tokenid": "token-of-mine",
        "identity": {"certificate": "PEM", "key": "PEM-KEY", "passphrase": "pass-of-mine"},
        "roots": {"system": true, "ca": "PEM"},
        "timeouts": {"connect_ms": 1, "total_ms": 2, "idle_ms": 0},
        "proxy": "http://user:proxy-password@proxy:3128",
        "user_agent": "shop/1.0",
        "allow_empty_material": true,
        "retry": {"attempts": 1, "pause_ms": 0},
    })
}

fn read(config: &Value) -> Result<Config, Vec<(Reason, String)>> {
    Config::read(config.to_string().as_bytes()).map_err(|problems| {
        problems.iter().map(|e| (e.reason(), e.field_path().unwrap_or_default().to_owned())).collect()
    })
}

/// Sets what a path such as `roots.ca` names; null removes it.
fn with(path: &str, value: Value) -> Value {
    let mut config = full();
    let mut place = &mut config;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = value;
    config
}

/// Covers P-4: the path is `/` when the endpoint has none.
#[test]
fn reads_every_setting() {
    let config = read(&full()).unwrap();
    assert_eq!(config.endpoint().as_str(), "https://docapitest.wosign.com/");
    assert_eq!(config.order_settings().tokenid, "token-of-mine");
    assert!(config.order_settings().allow_empty_material);
    assert_eq!(config.timeouts().total.as_millis(), 2);
    assert_eq!(config.retry().attempts, 1);
    assert!(config.user_agent().as_bytes().ends_with(b" shop/1.0"));
    let least = json!({"endpoint": "https://x", "tokenid": "T", "identity": {"pkcs12_file": "a.p12"}});
    let config = read(&least).unwrap();
    assert_eq!((config.timeouts().connect.as_secs(), config.timeouts().total.as_secs()), (10, 120));
    assert_eq!((config.retry().attempts, config.retry().pause.as_millis()), (3, 500));
    assert_eq!(config.user_agent(), concat!("wosigndoc/", env!("CARGO_PKG_VERSION")));
}

#[test]
fn shows_no_secret() {
    let shown = format!("{:?}", read(&full()).unwrap());
    for secret in ["token-of-mine", "pass-of-mine", "proxy-password", "PEM-KEY"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let error = Config::from_json(with("proxy", json!("ftp://u:proxy-password@x")).to_string().as_bytes());
    assert!(!error.unwrap_err().to_json().to_string().contains("proxy-password"));
}

/// A client has its key; passphrase and key text of its configuration are gone.
#[test]
fn a_client_keeps_no_passphrase() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["client".to_owned()]).unwrap().self_signed(&key);
    let mut config = full();
    config["identity"] = json!({"certificate": certificate.unwrap().pem(), "key": key.serialize_pem()});
    config["roots"] = json!(null);
    let client = Client::new(read(&config).unwrap()).unwrap();
    assert_eq!(client.config.load_identity().unwrap_err().reason(), Reason::Defect);
}

/// Covers P-1: plain HTTP is refused; everything wrong is named by its path.
#[test]
fn names_what_is_wrong() {
    use Reason as R;
    for (path, value, reason) in [
        ("endpoint", json!("http://docapi.wosign.com"), R::EndpointNotHttps),
        ("endpoint", json!("docapi.wosign.com"), R::EndpointNotHttps),
        ("endpoint", json!("https://user:pw@docapi.wosign.com"), R::BadOption),
        ("endpoint", json!("https://docapi.wosign.com/\r\nX: y"), R::BadOption),
        ("endpoint", json!(7), R::BadOption),
        ("endpoint", json!(null), R::MissingOption),
        ("tokenid", json!(null), R::MissingOption),
        ("tokenid", json!(" "), R::MissingOption),
        ("identity", json!(null), R::MissingOption),
        ("identity", json!("client.p12"), R::BadOption),
        ("identity.pkcs12_file", json!("a.p12"), R::BadOption),
        ("identity.certificate_file", json!("a.pem"), R::BadOption),
        ("identity.passphrase", json!(1234), R::BadOption),
        ("identity.pasphrase", json!("x"), R::UnknownOption),
        ("roots", json!([]), R::BadOption),
        ("roots.system", json!("yes"), R::BadOption),
        ("timeouts.connect_ms", json!(0), R::BadOption),
        ("timeouts.total_ms", json!(1.5), R::BadOption),
        ("timeouts.idle_ms", json!(-1), R::BadOption),
        ("proxy", json!("socks5://x"), R::BadOption),
        ("proxy", json!("http://"), R::BadOption),
        ("user_agent", json!("a\r\nX: y"), R::BadOption),
        ("allow_empty_material", json!(1), R::BadOption),
        ("retry.attempts", json!(0), R::BadOption),
        ("retry.attempts", json!(11), R::BadOption),
        ("TokenId", json!("x"), R::UnknownOption),
    ] {
        let problems = read(&with(path, value.clone())).err().unwrap_or_else(|| panic!("{path} = {value}"));
        let named = if path == "identity.certificate_file" { "identity.certificate" } else { path };
        assert!(
            problems.iter().any(|(r, field)| *r == reason && field == named),
            "{path} = {value}: {problems:?}"
        );
    }
    let nothing = json!({"roots": {"system": false}, "nonsense": 1});
    assert_eq!(read(&nothing).unwrap_err().len(), 5, "all problems at once");
    for (text, reason) in [("[]", R::BadJson), ("{", R::BadJson), ("", R::BadJson)] {
        assert_eq!(Config::from_json(text.as_bytes()).unwrap_err().reason(), reason);
    }
}

#[test]
fn asks_whether_another_setting_was_meant() {
    let error = Config::from_json(with("identity.pasphrase", json!("x")).to_string().as_bytes()).unwrap_err();
    assert!(error.message().en.ends_with("did you mean passphrase?"), "{error}");
    let error = Config::from_json(with("colour", json!("x")).to_string().as_bytes()).unwrap_err();
    assert!(error.message().en.contains("known: endpoint, tokenid"), "{error}");
}

#[test]
fn takes_settings_alone() {
    let settings = |text: &str| OrderSettings::from_json(text.as_bytes());
    let read = settings(&full().to_string()).unwrap();
    assert_eq!((read.tokenid.as_str(), read.allow_empty_material), ("token-of-mine", true));
    assert_eq!(settings("").unwrap().tokenid, "");
    assert_eq!(settings("{}").unwrap().tokenid, "");
    let field = |text| settings(text).unwrap_err().field_path().map(str::to_owned);
    assert_eq!(field("{\"tokenid\": {}}").as_deref(), Some("tokenid"));
    assert_eq!(field("{\"allow_empty_material\": 1}").as_deref(), Some("allow_empty_material"));
}

#[test]
fn resolves_a_file_relative_to_itself() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (file, absolute) = (folder.path().join("client.json"), elsewhere.path().join("ca.pem"));
    let config = json!({"identity": {"pkcs12_file": "client.p12"}, "roots": {"ca_file": absolute}});
    std::fs::write(&file, config.to_string()).unwrap();
    let resolved = resolve(&json!({"file": file})).unwrap();
    assert_eq!(resolved["identity"]["pkcs12_file"], json!(folder.path().join("client.p12")));
    assert_eq!(resolved["roots"]["ca_file"], json!(absolute));

    // The environment starts from the file and overrides it.
    let variables = json!({
        "WOSIGNDOC_CONFIG": file, "WOSIGNDOC_ENDPOINT": "https://x/", "WOSIGNDOC_TOKEN": "T",
        "WOSIGNDOC_IDENTITY": "other.pem", "WOSIGNDOC_KEY": "other.key", "WOSIGNDOC_PASSPHRASE": "p",
        "WOSIGNDOC_SYSTEM_ROOTS": "1", "WOSIGNDOC_TOTAL_TIMEOUT_MS": "5000", "WOSIGNDOC_RETRY_ATTEMPTS": "2",
        "WOSIGNDOC_PROXY": "", "WOSIGNDOC_LIBRARY": "/usr/lib/x.so", "WOSIGNDOC_LOG": "debug",
        "WOSIGNDOC_SERVER": "/usr/bin/wosigndoc-server", "PATH": "/bin",
    });
    let resolved = resolve(&json!({"environment": variables})).unwrap();
    assert_eq!(
        resolved,
        json!({
            "endpoint": "https://x/", "tokenid": "T",
            "identity": {"certificate_file": "other.pem", "key_file": "other.key", "passphrase": "p"},
            "roots": {"ca_file": absolute, "system": true},
            "timeouts": {"total_ms": 5000}, "retry": {"attempts": 2},
        })
    );
    read(&resolved).unwrap();
}

/// A file that a variable names takes the place of the text that the starting file holds.
#[test]
fn a_variable_replaces_text_by_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client.json");
    std::fs::write(&file, full().to_string()).unwrap();
    let variables =
        json!({"WOSIGNDOC_CONFIG": file, "WOSIGNDOC_KEY": "/other.key", "WOSIGNDOC_CA_FILE": "/ca.pem"});
    let resolved = resolve(&json!({"environment": variables})).unwrap();
    assert_eq!(
        (&resolved["identity"], &resolved["roots"]),
        (
            &json!({"certificate": "PEM", "key_file": "/other.key", "passphrase": "pass-of-mine"}),
            &json!({"ca_file": "/ca.pem", "system": true})
        )
    );
    read(&resolved).unwrap();
}

#[test]
fn names_the_variable_at_fault() {
    let fails = |variables: Value| {
        let error = resolve(&json!({"environment": variables})).unwrap_err();
        (error.reason(), error.field_path().unwrap_or_default().to_owned(), error.message().en)
    };
    let (reason, field, words) = fails(json!({"WOSIGNDOC_TOKENID": "T"}));
    assert_eq!((reason, field.as_str()), (Reason::UnknownOption, "WOSIGNDOC_TOKENID"));
    assert!(words.ends_with("did you mean WOSIGNDOC_TOKEN?"), "{words}");
    for (name, value) in [
        ("WOSIGNDOC_CONNECT_TIMEOUT_MS", json!("soon")),
        ("WOSIGNDOC_SYSTEM_ROOTS", json!("maybe")),
        ("WOSIGNDOC_TOKEN", json!(7)),
    ] {
        let (reason, field, _) = fails(json!({name: value}));
        assert_eq!((reason, field.as_str()), (Reason::BadOption, name));
    }
    assert_eq!(fails(json!({"WOSIGNDOC_CONFIG": "/none/client.json"})).0, Reason::FileUnreadable);
    for source in
        [json!({}), json!({"file": 1}), json!({"file": "a", "environment": {}}), json!("client.json")]
    {
        assert_eq!(resolve(&source).unwrap_err().reason(), Reason::BadOption);
    }
    assert_eq!(resolve(&json!({"file": "/none/client.json"})).unwrap_err().reason(), Reason::FileUnreadable);
}

/// The documentation's table has a row for each variable that stands for a setting, and no other.
#[test]
fn the_variables_are_those_of_the_documentation() {
    let page = include_str!("../../docs/configuration.md");
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with('|') && line.contains("WOSIGNDOC_")).collect();
    let settings =
        VARIABLES.iter().filter(|(.., kind)| !matches!(kind, VariableKind::Start | VariableKind::Foreign));
    let settings: Vec<_> = settings.collect();
    for (name, setting, _) in &settings {
        let variable = format!("| `WOSIGNDOC_{name}` |");
        let row =
            rows.iter().find(|row| row.contains(&variable)).unwrap_or_else(|| panic!("no row for {name}"));
        let first = setting.split('.').next().unwrap_or_default();
        assert!(row.starts_with(&format!("| `{first}")), "{row}");
    }
    assert_eq!(rows.len(), settings.len());
    assert!(page.contains("`WOSIGNDOC_CONFIG` names"));
}
