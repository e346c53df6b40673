//! What a start tells: people what a caller of the sandbox needs, programs the same as one line of JSON.

use std::io::{self, Write, stdout};
use std::net::SocketAddr;

use anyhow::Result;
use serde_json::json;

use super::bootstrap::Sandbox;
use super::{client_files, sandbox_template};
use crate::folder::Folder;
use crate::settings::{DevOptions, Mode};

/// What there is to tell.
pub struct Told<'a> {
    /// The data folder.
    pub folder: &'a Folder,
    /// The sandbox's caller, if there is one.
    pub sandbox: Option<&'a Sandbox>,
    /// Where its documents are pushed to.
    pub callback: Option<String>,
    /// Where the platform listens.
    pub address: SocketAddr,
    /// Where the control API listens.
    pub control: Option<String>,
}

impl Told<'_> {
    /// Shares the client's files where `dev --share` asks for it, and tells the rest on the standard output.
    pub fn tell(&self, mode: &Mode) -> Result<()> {
        if let (Some(sandbox), Mode::Dev(DevOptions { share: Some(shared), .. })) = (self.sandbox, mode) {
            client_files::share(self.folder, shared, sandbox, self.address)?;
        }
        // Nobody need be reading.
        let _ = match mode {
            Mode::Dev(DevOptions { temporary: true, .. }) => self.to_programs(),
            Mode::Dev(_) => self.to_people(),
            // What a service prints is kept in journals: no place for a passphrase.
            Mode::Serve => self.end(),
        };
        Ok(())
    }

    fn to_programs(&self) -> io::Result<()> {
        let told = json!({
            "endpoint": client_files::endpoint(self.address),
            "control": self.control,
            "client": self.folder.path("client.json"),
            "ca": self.folder.path("ca.pem"),
            "tokenid": self.sandbox.map(|sandbox| &sandbox.token),
            "tempid": sandbox_template::ID,
            "callback": self.callback,
            "data": self.folder.path(""),
        });
        writeln!(stdout(), "{told}")
    }

    fn to_people(&self) -> io::Result<()> {
        let mut out = stdout().lock();
        if let Some(sandbox) = self.sandbox {
            writeln!(out, "client configuration: {}", self.folder.path("client.json").display())?;
            writeln!(out, "client certificate:   {}", self.folder.path("client.p12").display())?;
            writeln!(out, "its passphrase:       {}", sandbox.passphrase)?;
            writeln!(out, "tokenid:              {}", sandbox.token)?;
            writeln!(out, "template (tempid):    {}", sandbox_template::ID)?;
            let none = "none, so nothing is pushed: start with --callback URL";
            writeln!(out, "callback URL:         {}", self.callback.as_deref().unwrap_or(none))?;
        }
        drop(out);
        self.end()
    }

    fn end(&self) -> io::Result<()> {
        let mut out = stdout().lock();
        if let Some(control) = &self.control {
            writeln!(out, "control API:          {control}")?;
        }
        writeln!(out, "listening on {}", client_files::endpoint(self.address))
    }
}
