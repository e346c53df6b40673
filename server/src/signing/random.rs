//! Random bytes for keys, salts and identifiers.

use ring::rand::{SecureRandom, SystemRandom};
use wosigndoc::protocol::hex;

use super::error::{Result, SigningError};

/// Returns random bytes.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|error| SigningError::internal("random numbers", error))?;
    Ok(bytes)
}

/// Returns 16 random bytes in hexadecimal.
pub fn random_hex() -> Result<String> {
    Ok(hex::encode(&random::<16>()?))
}
