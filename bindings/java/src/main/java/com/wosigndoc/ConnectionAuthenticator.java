package com.wosigndoc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.util.Objects;

/** Gives a connection an authenticator of its own, which Java 9 and newer take. */
final class ConnectionAuthenticator {
    private final Authenticator authenticator;
    private final Method setter;

    ConnectionAuthenticator(Authenticator authenticator) {
        this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        try {
            // This package is compiled for Java 8, which lacks it.
            setter = HttpURLConnection.class.getMethod("setAuthenticator", Authenticator.class);
        } catch (NoSuchMethodException old) {
            throw new UnsupportedOperationException(
                    "Java 8 has Authenticator.setDefault alone (Java 8 只能使用 Authenticator.setDefault)", old);
        }
    }

    void set(HttpURLConnection connection) {
        try {
            setter.invoke(connection, authenticator);
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new UnsupportedOperationException(failure);
        }
    }
}
