package com.wosigndoc;

/** The native library was not found, is not this one, or has another ABI; the message names every place tried. */
public final class NativeLibraryException extends WoSignDocException {
    NativeLibraryException(String message, String messageZh) {
        super("native_library", "native_library", message, messageZh);
    }
}
