package com.wosigndoc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes a TLS context of a key in a store and of whom to trust. */
final class TlsContext {
    private KeyStore store;
    private String alias;
    private char[] password;
    private KeyStore trusted;
    private X509Certificate certificate;

    void certificate(KeyStore store, String alias, char[] password) {
        this.store = Objects.requireNonNull(store, "store");
        this.alias = alias;
        this.password = password == null ? null : password.clone();
    }

    void trust(KeyStore store) {
        trusted = Objects.requireNonNull(store, "store");
    }

    void trust(Path pem) {
        Collection<? extends Certificate> all;
        try (InputStream in = Files.newInputStream(pem)) {
            all = CertificateFactory.getInstance("X.509").generateCertificates(in);
            trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate each : all) {
                trusted.setCertificateEntry("ca-" + trusted.size(), each);
            }
        } catch (IOException | GeneralSecurityException failure) {
            throw FileException.reading(pem.toString(), failure);
        }
    }

    boolean isEmpty() {
        return store == null && trusted == null;
    }

    /** Returns the certificate that is shown, once it is built; null: none. */
    X509Certificate certificate() {
        return certificate;
    }

    SSLContext build() throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (trusted != null && trusted.size() == 0) {
            throw new KeyStoreException("there is no certificate to trust (没有可信任的证书)");
        }
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(store == null ? null : new KeyManager[] {key()}, trust.getTrustManagers(), null);
        return context;
    }

    private ChosenKey key() throws GeneralSecurityException {
        String name = alias == null ? onlyKey() : alias;
        Certificate[] chain = store.getCertificateChain(name);
        if (chain == null || !store.isKeyEntry(name)) {
            throw new KeyStoreException("the store has no key with a certificate under the alias " + name
                    + ", only: " + String.join(", ", keys()) + " (密钥库中该别名下没有带证书的密钥)");
        }
        X509Certificate[] certificates = Arrays.copyOf(chain, chain.length, X509Certificate[].class);
        certificate = certificates[0];
        PrivateKey key = (PrivateKey) store.getKey(name, password);
        see(key);
        return new ChosenKey(name, key, certificates);
    }

    /** Sees that somebody signs with the key: TLS would say no more than that there is no algorithm for it. */
    static void see(PrivateKey key) throws GeneralSecurityException {
        String signature = key.getAlgorithm().equals("RSA") ? "SHA256withRSA"
                : key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : null;
        try {
            if (signature != null) {
                Signature.getInstance(signature).initSign(key);
            }
        } catch (InvalidKeyException unknown) {
            throw new InvalidKeyException("no provider that Java knows signs with this key: call Security.addProvider with"
                    + " the one of its store (已安装的提供者都不能使用该密钥签名，请用 Security.addProvider 添加密钥库的提供者)",
                    unknown);
        }
    }

    private String onlyKey() throws KeyStoreException {
        List<String> keys = keys();
        if (keys.size() != 1) {
            throw new KeyStoreException("the store has " + keys.size() + " keys: name the alias of one of them: "
                    + String.join(", ", keys) + " (密钥库中的密钥不止一个或没有，请指定别名)");
        }
        return keys.get(0);
    }

    private List<String> keys() throws KeyStoreException {
        List<String> keys = new ArrayList<>();
        for (String each : Collections.list(store.aliases())) {
            if (store.isKeyEntry(each)) {
                keys.add(each);
            }
        }
        return keys;
    }
}
