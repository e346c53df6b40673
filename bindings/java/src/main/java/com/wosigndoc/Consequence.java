package com.wosigndoc;

/** Says what follows from a finding. */
public enum Consequence {
    /** Nothing: it stands in the report. */
    ACCEPT,
    /** The document is not called valid. */
    INDETERMINATE,
    /** The document is invalid. */
    INVALID,
    /** A word of a newer native library that this package does not know. */
    OTHER
}
