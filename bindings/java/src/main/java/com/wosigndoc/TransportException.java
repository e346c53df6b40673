package com.wosigndoc;

import com.google.gson.JsonObject;

/** Reports that the network failed before or while the order was sent (kind {@code transport}). */
public final class TransportException extends WoSignDocException {
    /** What is said of a transport that returns no answer. */
    static final String NULL = "the transport returned null";

    TransportException(JsonObject document) {
        super(document);
    }

    /** Tells that a {@link Transport} returned null; whether it had read the body says what may have arrived. */
    static TransportException withoutAnswer(boolean sent) {
        JsonObject document = own(ErrorKind.TRANSPORT, sent ? "connection_lost" : "connect_failed", NULL,
                "传输返回了 null", "let the transport return the answer, or throw an IOException when none came",
                "请让该传输返回应答；没有应答时应抛出 IOException");
        document.addProperty("may_have_arrived", sent);
        return new TransportException(document);
    }
}
