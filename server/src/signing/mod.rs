//! Signs PDFs: one visible signature per box, in the order of the signers.
