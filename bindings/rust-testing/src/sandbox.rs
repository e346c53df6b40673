//! A sandbox, as a test holds it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wosigndoc::client::{Client, Config};
use wosigndoc::verify;

use crate::control::{Control, encoded};
use crate::program::{Options, Program};
use crate::{SandboxError, SandboxOrder};

/// A platform for one test. It ends when it is dropped, and with this process, also when that is killed; nothing of it stays
/// behind. When a test panics while it holds one, journal and log are printed.
#[derive(Debug)]
pub struct WoSignDocSandbox {
    program: Program,
    pub(crate) control: Control,
    told: Told,
}

/// What the program tells when it is ready.
#[derive(Debug)]
struct Told {
    endpoint: String,
    tokenid: String,
    tempid: String,
    client: PathBuf,
    ca: PathBuf,
    data: PathBuf,
    control: String,
}

impl WoSignDocSandbox {
    /// Starts a sandbox, and returns when it is ready.
    ///
    /// # Errors
    /// When the program is not found, or does not start.
    pub fn start() -> Result<WoSignDocSandbox, SandboxError> {
        WoSignDocSandbox::start_with(&Options::default())
    }

    /// Starts a sandbox as the options say.
    ///
    /// # Errors
    /// When the program is not found, or does not start: with its log.
    pub fn start_with(options: &Options) -> Result<WoSignDocSandbox, SandboxError> {
        let (program, told) = Program::start(options)?;
        let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let control = text("control");
        let told = Told {
            endpoint: text("endpoint"),
            tokenid: text("tokenid"),
            tempid: text("tempid"),
            client: text("client").into(),
            ca: text("ca").into(),
            data: text("data").into(),
            control,
        };
        Ok(WoSignDocSandbox { program, control: Control::new(&told.control), told })
    }

    /// Returns the URL that orders are sent to.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.told.endpoint
    }

    /// Returns the token that orders are sent with.
    #[must_use]
    pub fn tokenid(&self) -> &str {
        &self.told.tokenid
    }

    /// Returns the template that an order may name.
    #[must_use]
    pub fn tempid(&self) -> &str {
        &self.told.tempid
    }

    /// Returns the URL of the control API, which ends in a slash, for calls that this type has no method for; its `openapi.json`
    /// describes it.
    #[must_use]
    pub fn control(&self) -> &str {
        &self.told.control
    }

    /// Returns the file of a client's configuration.
    #[must_use]
    pub fn configuration_file(&self) -> &Path {
        &self.told.client
    }

    /// Returns the file of the CA of server, client and signers.
    #[must_use]
    pub fn ca(&self) -> &Path {
        &self.told.ca
    }

    /// Returns a client's configuration.
    ///
    /// # Panics
    /// When the sandbox wrote none that the library can read: then they are not of one version.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot go on is to end here")]
    pub fn configuration(&self) -> Config {
        Config::from_file(&self.told.client).expect("the sandbox's configuration is right")
    }

    /// Returns a client, ready to send.
    ///
    /// # Panics
    /// As [`WoSignDocSandbox::configuration`].
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot go on is to end here")]
    pub fn client(&self) -> Client {
        Client::new(self.configuration()).expect("the sandbox's files are right")
    }

    /// Returns options that trust this sandbox's CA alone, at its own time: what was signed after the clock was moved is judged as
    /// of then.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn trust(&self) -> Result<verify::Options, SandboxError> {
        let clock = self.control.call("GET", "clock", &Value::Null)?;
        let mut options = json!({"roots": {"ca_file": self.told.ca}});
        let time = clock.get("judge_at").filter(|time| !time.is_null());
        if let (Some(time), Some(options)) = (time, options.as_object_mut()) {
            options.insert("at".to_owned(), time.clone());
        }
        verify::Options::from_json(options.to_string().as_bytes())
            .map_err(|error| SandboxError::new(error.to_string(), "无法读取沙箱的根证书"))
    }

    /// Moves the platform's clock forward by a span such as `90s`, `10m`, `72h` or `30d`. What falls due meanwhile happens, in its
    /// order, before this returns.
    ///
    /// # Errors
    /// When the span is none, or something did not come to its end within a minute.
    pub fn advance(&self, span: &str) -> Result<(), SandboxError> {
        self.control.call("POST", "clock", &json!({"advance": span})).map(drop)
    }

    /// Sets the platform's clock to a time such as `2027-01-31T08:00:00Z`: forward as [`WoSignDocSandbox::advance`] does; backward
    /// nothing happens.
    ///
    /// # Errors
    /// When the time is none.
    pub fn set_clock(&self, time: &str) -> Result<(), SandboxError> {
        self.control.call("POST", "clock", &json!({"set": time})).map(drop)
    }

    /// Sets the platform's clock back to the machine's.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn reset_clock(&self) -> Result<(), SandboxError> {
        self.control.call("POST", "clock", &json!({"reset": true})).map(drop)
    }

    /// Returns the time by the platform's clock (RFC 3339).
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn now(&self) -> Result<String, SandboxError> {
        let clock = self.control.call("GET", "clock", &Value::Null)?;
        Ok(clock.get("now").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// Lets the next order, or that with this number, be refused with this code, such as -68.
    ///
    /// # Errors
    /// When the protocol has no such code.
    pub fn refuse(&self, code: i32, number: Option<&str>) -> Result<(), SandboxError> {
        self.fault(&format!("refuse={code}"), number, 1)
    }

    /// Lets the next order, or that with this number, be taken and fail with this code, such as -50.
    ///
    /// # Errors
    /// When the protocol has no such code.
    pub fn fail(&self, code: i32, number: Option<&str>) -> Result<(), SandboxError> {
        self.fault(&format!("fail={code}"), number, 1)
    }

    /// Orders a fault by its word, such as `lose-answer`; docs/platform.md lists them. `number`: only for this order; `times` 0: until
    /// [`WoSignDocSandbox::clear_faults`].
    ///
    /// # Errors
    /// When there is no such word: with those that there are.
    pub fn fault(&self, word: &str, number: Option<&str>, times: u32) -> Result<(), SandboxError> {
        let wanted = json!({"fault": word, "number": number, "times": times});
        self.control.call("POST", "faults", &wanted).map(drop)
    }

    /// Takes all faults back.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn clear_faults(&self) -> Result<(), SandboxError> {
        self.control.call("DELETE", "faults", &Value::Null).map(drop)
    }

    /// Lets the inbox answer something else than the right `1` for the next pushes: the site is down, or says no. `times` 0: until
    /// [`WoSignDocSandbox::clear_inbox`].
    ///
    /// # Errors
    /// When the status is none.
    pub fn answer_pushes(&self, status: u16, text: &str, times: u32) -> Result<(), SandboxError> {
        let instead = json!({"status": status, "answer": text, "times": times});
        self.control.call("PATCH", "inbox", &instead).map(drop)
    }

    /// Empties the inbox, and lets it answer rightly again.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub fn clear_inbox(&self) -> Result<(), SandboxError> {
        self.control.call("DELETE", "inbox", &Value::Null).map(drop)
    }

    /// Has documents pushed to this URL from now on; `None`: to the inbox.
    ///
    /// # Errors
    /// When it is no URL that pushes may go to.
    pub fn callback(&self, url: Option<&str>) -> Result<(), SandboxError> {
        let path = format!("tokens/{}", encoded(&self.told.tokenid));
        let inbox = format!("{}inbox", self.told.control);
        self.control.call("PATCH", &path, &json!({"callback": url.unwrap_or(&inbox)})).map(drop)
    }

    /// Pushes an order's document once more.
    ///
    /// # Errors
    /// When there is nothing to push.
    pub fn push_again(&self, number: &str) -> Result<SandboxOrder, SandboxError> {
        let path = format!("orders/{}/push-again", encoded(number));
        Ok(SandboxOrder::read(&self.control.call("POST", &path, &Value::Null)?))
    }

    /// Forgets orders, pushes, faults, journal and inbox, and sets the clock and the callback back.
    ///
    /// # Errors
    /// When a push does not come to its end within a minute.
    pub fn reset(&self) -> Result<(), SandboxError> {
        self.control.call("POST", "reset", &Value::Null).map(drop)
    }

    /// Returns the program's log so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.program.log()
    }
}

impl Drop for WoSignDocSandbox {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let journal = self.journal(None).unwrap_or_default();
            let lines: String = journal.iter().map(|entry| format!("  {entry}\n")).collect();
            eprintln!("the sandbox's journal:\n{lines}the sandbox's log:\n{}", self.log());
        }
        if !self.program.end() {
            // It was killed, and could not tidy up.
            let _ = std::fs::remove_dir_all(&self.told.data);
        }
    }
}
