package com.wosigndoc;

/** Says whether a document is what it claims to be. */
public enum Verdict {
    /** Signed by whom you trust, and unchanged: file it. */
    VALID,
    /** Something cannot be judged: look at it. */
    INDETERMINATE,
    /** Not what it claims to be: do not file it. */
    INVALID,
    /** A word of a newer native library that this package does not know: do not file it. */
    UNRECOGNIZED
}
