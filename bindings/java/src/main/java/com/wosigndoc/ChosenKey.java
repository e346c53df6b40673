package com.wosigndoc;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows one certificate, which somebody chose: also to a server that names other CAs than its own, where Java would show
 * none and nobody would know why.
 */
final class ChosenKey extends X509ExtendedKeyManager {
    private final String alias;
    private final PrivateKey key;
    private final X509Certificate[] chain;

    ChosenKey(String alias, PrivateKey key, X509Certificate[] chain) {
        this.alias = alias;
        this.key = key;
        this.chain = chain;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return choose(types);
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return choose(types);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return choose(type) == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
        return alias.equals(name) ? chain.clone() : null;
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
        return alias.equals(name) ? key : null;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null;
    }

    private String choose(String... types) {
        String algorithm = chain[0].getPublicKey().getAlgorithm();
        for (String each : types) {
            // EC_RSA is a key of EC whose certificate is signed by one of RSA.
            if (each.equals(algorithm) || each.startsWith(algorithm + "_")) {
                return alias;
            }
        }
        return null;
    }
}
