//! How much of everything an order may have: what the platform refuses beyond, and whoever writes orders should know.

/// The most signers of an order. What is beyond is not even read, as a stranger may send a hundred thousand.
pub const MAX_SIGNERS: usize = 200;
/// The most places of one signer, and of a whole order: each is a signature.
pub const MAX_PLACES: usize = 1000;
/// The longest orderNumber, name or number of a signer, in characters.
pub const MAX_CHARACTERS: usize = 256;
/// The longest password in bytes of UTF-8: what PDF takes account of.
pub const MAX_PASSWORD: usize = 127;
/// The suffix of the only kind of document that is signed.
pub const SUFFIX: &str = "pdf";
/// The country of a signer that names none.
pub const DEFAULT_COUNTRY: &str = "CN";
