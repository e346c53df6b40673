package com.wosigndoc;

import com.sun.jna.Pointer;

/**
 * Declares the C functions, which JNA's direct mapping binds once {@link NativeLibraryLoader} has found the
 * library. {@code size_t} and pointers are {@code long}: only 64-bit virtual machines are supported.
 * One-element {@code long} arrays stand for the pointers through which the library hands out results.
 */
final class NativeCalls {
    private NativeCalls() {}

    static native int wsd_abi_version();

    static native void wsd_free(Pointer buffer, long length);

    static native int wsd_version(long[] out, long[] outLength);

    static native int wsd_catalogue(long[] out, long[] outLength);

    static native int wsd_config_resolve(byte[] source, long sourceLength, long[] out, long[] outLength);

    static native int wsd_client_new(
            byte[] config, long configLength, long[] client, long[] out, long[] outLength);

    static native void wsd_client_free(Pointer client);

    static native int wsd_preflight_with(
            byte[] config, long configLength, byte[] options, long optionsLength, int timeoutMs, long[] out, long[] outLength);

    static native int wsd_config_hosted(byte[] settings, long settingsLength, long[] out, long[] outLength);

    static native int wsd_preflight_hosted(
            byte[] settings, long settingsLength, byte[] told, long toldLength, int timeoutMs, long[] out, long[] outLength);

    static native int wsd_order_create(
            Pointer client,
            byte[] order,
            long orderLength,
            long[] attachments,
            long[] attachmentLengths,
            long attachmentCount,
            int timeoutMs,
            long[] out,
            long[] outLength);

    static native int wsd_order_validate(
            byte[] settings,
            long settingsLength,
            byte[] order,
            long orderLength,
            long[] attachments,
            long[] attachmentLengths,
            long attachmentCount,
            long[] out,
            long[] outLength);

    static native int wsd_order_wire(
            byte[] settings,
            long settingsLength,
            byte[] order,
            long orderLength,
            long[] attachments,
            long[] attachmentLengths,
            long attachmentCount,
            long[] body,
            long[] bodyLength,
            long[] out,
            long[] outLength);

    static native int wsd_answer_read(
            int httpStatus, byte[] body, long bodyLength, long[] out, long[] outLength);

    static native int wsd_order_open(
            byte[] settings,
            long settingsLength,
            byte[] order,
            long orderLength,
            long[] attachments,
            long[] attachmentLengths,
            long attachmentCount,
            int timeoutMs,
            long[] opened,
            long[] out,
            long[] outLength);

    static native int wsd_order_read(
            Pointer order, Pointer buffer, long bufferLength, long[] read, long[] out, long[] outLength);

    static native int wsd_order_rewind(Pointer order, long[] out, long[] outLength);

    static native int wsd_order_answered(
            Pointer order, int httpStatus, byte[] body, long bodyLength, long[] out, long[] outLength);

    static native int wsd_order_failed(
            Pointer order, byte[] failure, long failureLength, long[] out, long[] outLength);

    static native void wsd_order_close(Pointer order);

    static native int wsd_push_receive(
            Pointer body,
            long bodyLength,
            byte[] options,
            long optionsLength,
            Pointer buffer,
            long bufferLength,
            long[] document,
            long[] documentLength,
            long[] out,
            long[] outLength);

    static native int wsd_push_open(
            byte[] options,
            long optionsLength,
            Pointer buffer,
            long bufferLength,
            long[] push,
            long[] out,
            long[] outLength);

    static native int wsd_push_feed(
            Pointer push, Pointer piece, long pieceLength, long[] out, long[] outLength);

    static native int wsd_push_finish(
            Pointer push, long[] document, long[] documentLength, long[] out, long[] outLength);

    static native void wsd_push_abandon(Pointer push);

    static native int wsd_document_write(
            byte[] document, long documentLength, byte[] path, long pathLength, long[] out, long[] outLength);

    static native int wsd_document_move(
            byte[] from, long fromLength, byte[] path, long pathLength, long[] out, long[] outLength);

    static native int wsd_verify(
            byte[] document,
            long documentLength,
            byte[] sent,
            long sentLength,
            byte[] options,
            long optionsLength,
            long[] out,
            long[] outLength);

    static native int wsd_trust_of(
            byte[] document, long documentLength, byte[] options, long optionsLength, long[] out, long[] outLength);

    static native int wsd_delivery_claim(byte[] delivery, long length, long[] out, long[] outLength);

    static native int wsd_delivery_complete(byte[] delivery, long length, long[] out, long[] outLength);

    static native int wsd_delivery_release(byte[] delivery, long length, long[] out, long[] outLength);

    static native int wsd_delivery_renew(byte[] delivery, long length, long[] out, long[] outLength);
}
