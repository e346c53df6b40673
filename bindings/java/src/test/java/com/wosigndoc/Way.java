package com.wosigndoc;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;

/** The ways in which a client can send: what is tested of one is tested of the other. */
enum Way {
    BUILT_IN,
    HTTPS;

    interface Change {
        void to(JsonObject config);
    }

    /** A client of this sandbox, its configuration changed. */
    WoSignDocClient client(Platform platform, Change change) throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        change.to(config);
        return new WoSignDocClient(config(platform, config));
    }

    /** By a transport, without what the transport makes needless. */
    ClientConfig config(Platform platform, JsonObject config) throws Exception {
        if (this == BUILT_IN) {
            return ClientConfig.ofJson(config.toString());
        }
        HttpsTransport.Builder transport = identified(platform);
        // The system's roots in place of the sandbox's.
        if (!config.has("roots") || config.getAsJsonObject("roots").has("ca_file")) {
            transport.trust(platform.data.resolve("ca.pem"));
        }
        config.remove("identity");
        config.remove("roots");
        return ClientConfig.ofJson(config.toString()).withTransport(transport.build());
    }

    /** A transport with the sandbox's client certificate. */
    static HttpsTransport.Builder identified(Platform platform) throws Exception {
        char[] passphrase = passphrase(platform);
        return HttpsTransport.builder().certificate(store(platform), null, passphrase);
    }

    static KeyStore store(Platform platform) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(platform.data.resolve("client.p12"))) {
            store.load(file, passphrase(platform));
        }
        return store;
    }

    static char[] passphrase(Platform platform) throws Exception {
        JsonObject config = JsonParser.parseString(Files.readString(platform.clientJson())).getAsJsonObject();
        return config.getAsJsonObject("identity").get("passphrase").getAsString().toCharArray();
    }
}
