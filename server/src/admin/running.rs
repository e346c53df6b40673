//! What only the running sandbox knows, asked of its control API: faults and the clock.

use std::io::{Write, stdout};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::{Value, json};

use super::commands::{ClockCommand, FaultCommand, Running};
use crate::folder::Folder;
use crate::given;
use crate::tls;

/// The longest time that an answer may take: moving the clock makes pushes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Orders faults, lists them, takes them back.
pub fn fault(command: FaultCommand) -> Result<()> {
    match command {
        FaultCommand::List(running) => ask(&running, Method::GET, "faults", &Value::Null),
        FaultCommand::Order { running, fault, number, token, times } => {
            let wanted = json!({"fault": fault, "number": number, "tokenid": token, "times": times});
            ask(&running, Method::POST, "faults", &wanted)
        }
        FaultCommand::Clear { running, id } => {
            let path = id.map_or("faults".to_owned(), |id| format!("faults/{id}"));
            ask(&running, Method::DELETE, &path, &Value::Null)
        }
    }
}

/// Shows and moves the clock.
pub fn clock(command: ClockCommand) -> Result<()> {
    let (running, change) = match command {
        ClockCommand::Show(running) => return ask(&running, Method::GET, "clock", &Value::Null),
        ClockCommand::Advance { running, span } => (running, json!({"advance": span})),
        ClockCommand::Set { running, time } => (running, json!({"set": time})),
        ClockCommand::Reset(running) => (running, json!({"reset": true})),
    };
    ask(&running, Method::POST, "clock", &change)
}

/// Asks the platform that serves this folder, and prints its answer.
fn ask(running: &Running, method: Method, path: &str, body: &Value) -> Result<()> {
    let url = format!("{}{path}", control(&running.data.folder)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // The API speaks plain HTTP; the client wants to know what it would trust all the same.
    let trusted = tls::trusting_nobody()?;
    let password = running.control_password.as_deref().map(given::password).transpose()?;
    let (status, answer) = runtime
        .block_on(async {
            let client = reqwest::Client::builder().tls_backend_preconfigured(trusted);
            let client = client.no_proxy().timeout(PATIENCE).build()?;
            let request = client.request(method, url);
            let request = match body {
                Value::Null => request,
                body => request.header("Content-Type", "application/json").body(body.to_string()),
            };
            let request = match &password {
                Some(password) => request.basic_auth("", Some(password)),
                None => request,
            };
            let answer = request.send().await?;
            Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
        })
        .context("the control API does not answer: is the sandbox running?")?;
    if !status.is_success() {
        let said: Value = serde_json::from_str(&answer).unwrap_or_default();
        bail!("{}", said.get("message").and_then(Value::as_str).unwrap_or(&answer));
    }
    if !answer.is_empty() {
        let shown: Value = serde_json::from_str(&answer).context("the control API's answer is no JSON")?;
        writeln!(stdout(), "{}", serde_json::to_string_pretty(&shown)?)?;
    }
    Ok(())
}

/// Returns where the control API of the sandbox in this folder is.
fn control(root: &Path) -> Result<String> {
    let path = Folder::open(root)?.path("server.json");
    let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let server: Value =
        serde_json::from_slice(&text).with_context(|| format!("{} is broken", path.display()))?;
    match server.get("control").and_then(Value::as_str) {
        Some(url) if url.starts_with("http://") => Ok(url.to_owned()),
        Some(socket) => bail!("its control API is on the socket {socket}: ask it by curl --unix-socket"),
        None => bail!("the sandbox was started without a control API: add --control 127.0.0.1:0"),
    }
}
