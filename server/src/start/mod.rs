//! What stands in a data folder before it is served.

pub mod bootstrap;
pub mod client_files;
pub mod leftovers;
pub mod sandbox_template;
pub mod temporary;
pub mod told;
