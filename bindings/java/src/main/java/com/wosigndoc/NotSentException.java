package com.wosigndoc;

import java.io.IOException;

/**
 * Says that a {@link Transport} sent no byte of the order's body although it has read some, as when it failed to
 * connect after it had filled a buffer: the order cannot have arrived.
 */
public final class NotSentException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Makes it of what happened.
     *
     * @param cause what happened; its words are those that the application reads
     */
    public NotSentException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
