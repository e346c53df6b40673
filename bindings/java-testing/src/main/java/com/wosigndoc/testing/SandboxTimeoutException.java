package com.wosigndoc.testing;

/**
 * Reports that what a test waited for did not happen in time, or cannot happen any longer, where the order stands, and what the
 * journal has of it.
 */
public final class SandboxTimeoutException extends SandboxException {
    private static final long serialVersionUID = 1;

    SandboxTimeoutException(String english, String chinese) {
        super(english, chinese);
    }
}
