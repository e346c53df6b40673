//! The ABI number, which the build script puts into the shared object's name.

/// The ABI that this header describes. It grows when a function, a parameter or a meaning changes in a way
/// that an existing caller would notice; compare it with `wsd_abi_version()` when you load the library.
pub const WSD_ABI_VERSION: u32 = 1;
