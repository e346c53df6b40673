package com.wosigndoc;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends orders by Java's own {@link HttpsURLConnection}, with what Java knows of keys and TLS: a certificate in a
 * {@link KeyStore}, also that of Windows ({@code Windows-MY}) or of a token (PKCS#11), whose private key stays where it
 * is; a server that asks for the certificate by renegotiation; the TLS of another provider; a proxy that wants NTLM.
 *
 * <p>The server's certificate and its name are always verified: what an application set as the default
 * {@code HostnameVerifier} counts for nothing here. Each order gets a connection of its own, so that none is sent over
 * one that the server has closed meanwhile; TLS resumes its sessions.
 */
public final class HttpsTransport implements Transport {
    private final SSLSocketFactory tls;
    private final X509Certificate certificate;
    private final String[] protocols;
    private final Proxy proxy;
    private final ConnectionAuthenticator authenticator;
    private final boolean expectContinue;

    private HttpsTransport(Builder builder, SSLContext context, X509Certificate certificate) {
        tls = context.getSocketFactory();
        this.certificate = certificate;
        protocols = builder.protocols;
        proxy = builder.proxy;
        authenticator = builder.authenticator;
        expectContinue = builder.expectContinue;
    }

    /**
     * Starts a transport.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public X509Certificate certificate() {
        return certificate;
    }

    @Override
    public TransportAnswer probe(TransportRequest request) throws IOException {
        return send(request);
    }

    @Override
    public TransportAnswer send(TransportRequest request) throws IOException {
        Watch watch = new Watch(request.connectTimeout(), request.timeout());
        WatchedSockets sockets = new WatchedSockets(tls, protocols, watch);
        boolean answered = false;
        try {
            HttpsExchange exchange = new HttpsExchange(open(request, sockets), sockets, watch);
            TransportAnswer answer = exchange.run(request);
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                watch.cut();
            }
        }
    }

    private HttpURLConnection open(TransportRequest request, WatchedSockets sockets) throws IOException {
        URL url = request.uri().toURL();
        URLConnection opened = proxy == null ? url.openConnection() : url.openConnection(proxy);
        if (!(opened instanceof HttpsURLConnection)) {
            // Some application servers put their own in its place.
            throw new IOException("https is not Java's own here but " + opened.getClass().getName()
                    + " (此处的 https 不是 Java 自带的实现)");
        }
        HttpsURLConnection connection = (HttpsURLConnection) opened;
        connection.setSSLSocketFactory(sockets);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(millis(request.connectTimeout().toMillis()));
        // With "Expect" a limit of reading would also be that of waiting for permission; the watch limits all anyway.
        connection.setReadTimeout(expectContinue ? 0 : millis(request.timeout().toMillis()));
        if (authenticator != null) {
            authenticator.set(connection);
        }
        connection.setRequestMethod(request.method());
        request.headers().forEach(connection::setRequestProperty);
        connection.setRequestProperty("Accept", "*/*");
        connection.setRequestProperty("Connection", "close");
        if (request.contentLength() > 0) {
            connection.setDoOutput(true);
            // Streaming: neither is the body kept in memory, nor does Java send a POST a second time by itself.
            connection.setFixedLengthStreamingMode(request.contentLength());
            if (expectContinue) {
                connection.setRequestProperty("Expect", "100-continue");
            }
        }
        return connection;
    }

    private static int millis(long millis) {
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }

    /** Builds an {@link HttpsTransport}. */
    public static final class Builder {
        private SSLContext context;
        private final TlsContext made = new TlsContext();
        private String[] protocols;
        private Proxy proxy;
        private ConnectionAuthenticator authenticator;
        private boolean expectContinue;

        private Builder() {}

        /**
         * Shows a certificate of a key store. Its private key is not read out: it may stay in Windows' store
         * ({@code KeyStore.getInstance("Windows-MY")}) or on a token ({@code KeyStore.getInstance("PKCS11", provider)}).
         * It is shown whichever CAs the server names.
         *
         * @param store the store, loaded
         * @param alias the name of the key in it; null where it has one key alone
         * @param password that of the key; null where the store wants none
         * @return this builder
         */
        public Builder certificate(KeyStore store, String alias, char[] password) {
            made.certificate(store, alias, password);
            return this;
        }

        /**
         * Trusts the CA certificates of a key store, and no others. Without this the JVM's are trusted.
         *
         * @param store the store, loaded, e.g. of the type {@code Windows-ROOT}
         * @return this builder
         */
        public Builder trust(KeyStore store) {
            made.trust(store);
            return this;
        }

        /**
         * Trusts the CA certificates of a PEM file, and no others.
         *
         * @param pem the file
         * @return this builder
         * @throws FileException when it cannot be read
         */
        public Builder trust(Path pem) {
            made.trust(pem);
            return this;
        }

        /**
         * Takes a ready TLS context in place of {@link #certificate} and {@link #trust}, such as one of another provider
         * for national ciphers. Whom its trust manager trusts is its own affair; the server's name is verified all the
         * same.
         *
         * @param context the context, initialised
         * @return this builder
         */
        public Builder sslContext(SSLContext context) {
            this.context = context;
            return this;
        }

        /**
         * Limits the versions of TLS. A server that asks for the certificate after the handshake can do so in TLS 1.2
         * only: Java has no post-handshake authentication of TLS 1.3.
         *
         * @param protocols e.g. {@code TLSv1.2}; none: what the context has
         * @return this builder
         */
        public Builder protocols(String... protocols) {
            this.protocols = protocols.length == 0 ? null : protocols.clone();
            return this;
        }

        /**
         * Sets the proxy. Without this it is the one that the JVM uses for https, if any.
         *
         * @param proxy e.g. {@code new Proxy(Proxy.Type.HTTP, new InetSocketAddress("proxy", 3128))}, or
         *     {@link Proxy#NO_PROXY}
         * @return this builder
         */
        public Builder proxy(Proxy proxy) {
            this.proxy = proxy;
            return this;
        }

        /**
         * Answers the proxy when it asks who this is, also by NTLM. By its default Java takes no Basic on the way to
         * https: the system property {@code jdk.http.auth.tunneling.disabledSchemes}, set to nothing, allows it.
         *
         * @param authenticator asked for name and password
         * @return this builder
         * @throws UnsupportedOperationException in Java 8, where only {@link Authenticator#setDefault} counts
         */
        public Builder authenticator(Authenticator authenticator) {
            this.authenticator = new ConnectionAuthenticator(authenticator);
            return this;
        }

        /**
         * Sends the order when the server has said that it wants it ({@code Expect: 100-continue}), for a server that
         * asks for the certificate by renegotiation, or refuses an order by its head: IIS does the former and cannot
         * keep an order of more than 48 KiB until it knows the certificate. A server that says nothing costs 5 s.
         *
         * @return this builder
         */
        public Builder expectContinue() {
            expectContinue = true;
            return this;
        }

        /**
         * Makes the transport.
         *
         * @return it
         * @throws GeneralSecurityException when the key store has no such key, its password is wrong, or TLS cannot be
         *     had
         */
        public HttpsTransport build() throws GeneralSecurityException {
            if (context == null) {
                return new HttpsTransport(this, made.build(), made.certificate());
            }
            if (!made.isEmpty()) {
                throw new IllegalStateException("give a context, or a certificate and whom to trust, not both"
                        + " (SSLContext 与证书、信任库不可同时设置)");
            }
            return new HttpsTransport(this, context, null);
        }
    }
}
