package com.wosigndoc.testing;

/** Reports that the sandbox did not start, or refused what a test asked of it. The message is English and Chinese. */
public class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SandboxException(String message, String messageZh) {
        this(message, messageZh, null);
    }

    SandboxException(String message, String messageZh, Throwable cause) {
        super(message + " (" + messageZh + ")", cause);
    }

    SandboxException(String whole) {
        super(whole);
    }
}
