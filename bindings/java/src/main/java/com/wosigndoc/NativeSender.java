package com.wosigndoc;

import com.google.gson.JsonObject;

/** Sends orders by the native library. */
final class NativeSender implements Sender {
    private final ClientAbout about;
    private final NativeHandle handle;

    NativeSender(byte[] settings) {
        long[] client = new long[1];
        about = new ClientAbout(Invocation.run(
                (out, length) -> NativeCalls.wsd_client_new(settings, settings.length, client, out, length)));
        handle = new NativeHandle(client[0], NativeCalls::wsd_client_free);
    }

    @Override
    public ClientAbout about() {
        return about;
    }

    @Override
    public JsonObject create(byte[] json, Attachments attachments, int limit) {
        long[] starts = attachments.pointers();
        long[] lengths = attachments.lengths();
        return handle.use(client -> Invocation.run((out, length) -> NativeCalls.wsd_order_create(
                client, json, json.length, starts, lengths, attachments.count(), limit, out, length)));
    }

    @Override
    public void close() {
        handle.close();
    }
}
