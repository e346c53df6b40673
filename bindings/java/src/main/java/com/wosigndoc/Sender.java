package com.wosigndoc;

import com.google.gson.JsonObject;

/** What a client sends by. */
interface Sender extends AutoCloseable {
    /** Describes what the client was made of. */
    ClientAbout about();

    /** Sends an order within so many milliseconds; 0: as configured. */
    JsonObject create(byte[] json, Attachments attachments, int limit);

    /** Ends it: calls that are under way still return. */
    @Override
    void close();

    /** Makes what this configuration wants. */
    static Sender of(ClientConfig config) {
        byte[] settings = config.bytes();
        return config.transport() == null ? new NativeSender(settings) : new HostedSender(settings, config.transport());
    }
}
