package com.wosigndoc;

/** Says whether a document is what it claims to be. */
public enum Verdict {
    /** Signed, unchanged, by somebody whom your roots vouch for. It may be another contract than you ordered. */
    VALID,
    /** Something cannot be judged: look at it. */
    INDETERMINATE,
    /** Not what it claims to be: do not file it. */
    INVALID,
    /** A word of a newer native library that this package does not know: do not file it. */
    OTHER
}
