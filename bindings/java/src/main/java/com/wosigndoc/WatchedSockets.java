package com.wosigndoc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes the sockets of one try. {@link javax.net.ssl.HttpsURLConnection} asks for a plain one first and puts TLS upon
 * it, as it does upon a proxy's: the plain one can be closed while TLS hangs. The name of the server is verified by TLS
 * itself, whatever verifier was set elsewhere.
 */
final class WatchedSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final String[] protocols;
    private final Watch watch;
    private volatile SSLSocket made;

    WatchedSockets(SSLSocketFactory tls, String[] protocols, Watch watch) {
        this.tls = tls;
        this.protocols = protocols;
        this.watch = watch;
    }

    /** Returns the last one; null: there was none. */
    SSLSocket made() {
        return made;
    }

    @Override
    public Socket createSocket() {
        Socket plain = new Socket();
        watch.add(plain);
        return plain;
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        watch.add(plain);
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, autoClose);
        if (protocols != null) {
            socket.setEnabledProtocols(protocols);
        }
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        made = socket;
        return socket;
    }

    // Java asks for these when a tunnel failed: past the proxy, which nobody asked for.

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw another();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw another();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw another();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw another();
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    private static IOException another() {
        return new IOException("no other connection is made (不另建连接)");
    }
}
