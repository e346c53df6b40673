//! A folder in which openssl makes certificates as people make them.
#![allow(dead_code)] // each test uses its part

use std::path::PathBuf;

use super::tools::{run, tool};

/// The folder; it goes with the test.
pub struct Desk(tempfile::TempDir);

impl Desk {
    /// Makes a folder with a CA, `ca.pem` and `ca.key`. Without openssl that is said, and it is `None`.
    pub fn new() -> Option<Desk> {
        run(tool("openssl").arg("version"))?;
        let desk = Desk(tempfile::tempdir().unwrap());
        desk.write(
            "ca.cnf",
            b"[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n\
            unique_subject=no\n[p]\nCN=optional\n",
        );
        desk.write("index", b"");
        desk.write("index.attr", b"unique_subject=no\n");
        desk.write("serial", b"01\n");
        desk.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=Root -days 3650");
        Some(desk)
    }

    /// Runs openssl with these words in the folder.
    pub fn openssl(&self, words: &str) -> Vec<u8> {
        let output = tool("openssl").args(words.split_whitespace()).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Makes NAME.key, an elliptic-curve key.
    pub fn key(&self, name: &str) {
        self.openssl(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"));
    }

    /// Makes NAME.pem for KEY.key, issued by ISSUER, with these extensions, valid from and until so many days from now.
    pub fn issue(&self, name: &str, key: &str, issuer: &str, extensions: &str, days: (i64, i64)) {
        self.openssl(&format!("req -new -key {key}.key -subj /CN={name} -out {name}.csr"));
        self.sign(name, issuer, extensions, days);
    }

    /// Makes NAME.pem of NAME.csr.
    pub fn sign(&self, name: &str, issuer: &str, extensions: &str, days: (i64, i64)) {
        self.write("extensions", extensions.as_bytes());
        let (from, until) = (stamp(days.0), stamp(days.1));
        self.openssl(&format!(
            "ca -batch -notext -config ca.cnf -cert {issuer}.pem -keyfile {issuer}.key -in {name}.csr -out {name}.pem \
            -extfile extensions -startdate {from} -enddate {until}"
        ));
    }

    /// Makes NAME.key, and NAME.pem for a client.
    pub fn client(&self, name: &str, issuer: &str) {
        self.key(name);
        self.issue(name, name, issuer, "keyUsage=digitalSignature\nextendedKeyUsage=clientAuth", (-1, 400));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Puts files one behind the other.
    pub fn join(&self, names: &[&str]) -> Vec<u8> {
        names.iter().flat_map(|name| self.read(name)).collect()
    }
}

/// Writes a day so far from now as a certificate does.
fn stamp(days: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    let days = now / 86_400 + days;
    // Days since 1970 as a date of the Gregorian calendar, counted from March of the year 0.
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}000000Z")
}
