package com.wosigndoc.testing;

/** Reports that the sandbox did not start, or refused what a test asked of it. The message is English and Chinese. */
public class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong, in English. */
    private final String english;
    /** The same in Chinese. */
    private final String chinese;

    SandboxException(String english, String chinese) {
        this(english, chinese, null);
    }

    SandboxException(String english, String chinese, Throwable cause) {
        // A journal or a log is read line by line, each language for itself.
        super(english.contains("\n") ? english + "\n" + chinese : english + " (" + chinese + ")", cause);
        this.english = english;
        this.chinese = chinese;
    }

    /**
     * Returns what is wrong, and what to do, in English.
     *
     * @return a sentence, with the journal or the log where it is of use
     */
    public String messageEn() {
        return english;
    }

    /**
     * Returns what is wrong, and what to do, in Chinese.
     *
     * @return a sentence, with the journal or the log where it is of use
     */
    public String messageZh() {
        return chinese;
    }
}
