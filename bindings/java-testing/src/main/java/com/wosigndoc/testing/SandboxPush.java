package com.wosigndoc.testing;

import com.wosigndoc.PushOptions;
import com.wosigndoc.PushReceiver;
import com.wosigndoc.ReceivedPush;
import com.wosigndoc.UntrustedException;

/** Holds a push that came into the sandbox's inbox, byte for byte. */
public final class SandboxPush {
    private final long id;
    private final byte[] body;

    SandboxPush(long id, byte[] body) {
        this.id = id;
        this.body = body;
    }

    /**
     * Returns the number of the push in the inbox, counted from 1.
     *
     * @return the number
     */
    public long id() {
        return id;
    }

    /**
     * Returns what was posted, such as for {@link com.wosigndoc.PushEndpoint#handle}.
     *
     * @return a copy of the request's body
     */
    public byte[] body() {
        return body.clone();
    }

    /**
     * Receives the push as your function gets it, the document in memory.
     *
     * @return the signed document, or the news that the order failed
     */
    public ReceivedPush received() {
        return received(PushOptions.DEFAULT);
    }

    /**
     * Receives the push by options, such as those of your endpoint.
     *
     * @param options the options, such as with {@link PushOptions#verify} and {@link WoSignDocSandbox#trust}
     * @return the push as your function gets it
     * @throws UntrustedException when the options verify, and the document does not prove itself
     */
    public ReceivedPush received(PushOptions options) {
        return PushReceiver.receive(body, options);
    }
}
