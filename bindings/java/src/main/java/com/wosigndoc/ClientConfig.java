package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds what a client needs: the endpoint, the token, the client certificate. It comes from a file, from the
 * environment, as JSON, or is built in code.
 */
public final class ClientConfig {
    private final String json;
    // True when the JSON says only where the settings are: in a file, or in variables.
    private final boolean reference;
    // Null: the native library sends.
    private final Transport transport;

    private ClientConfig(String json, boolean reference, Transport transport) {
        this.json = json;
        this.reference = reference;
        this.transport = transport;
    }

    /**
     * Takes a configuration as JSON.
     *
     * @param json a JSON object
     * @return the configuration; what is wrong with it is said when a client is made
     */
    public static ClientConfig ofJson(String json) {
        return new ClientConfig(json, false, null);
    }

    /**
     * Takes a JSON file, such as the {@code client.json} that the platform writes. Relative paths in it are
     * relative to its folder. It is read when the configuration is used.
     *
     * @param file the file
     * @return the configuration; what is wrong with it is said when a client is made, and by {@link #preflight}
     */
    public static ClientConfig fromFile(Path file) {
        JsonObject source = new JsonObject();
        source.addProperty("file", HostFile.name(file));
        return new ClientConfig(source.toString(), true, null);
    }

    /**
     * Takes the process's {@code WOSIGNDOC_…} environment variables.
     *
     * @return the configuration
     */
    public static ClientConfig fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /**
     * Takes {@code WOSIGNDOC_…} variables from wherever they are kept.
     *
     * @param variables names and values; others are ignored
     * @return the configuration; what is wrong with it is said when a client is made, and by {@link #preflight}
     */
    public static ClientConfig fromEnvironment(Map<String, String> variables) {
        JsonObject environment = new JsonObject();
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith("WOSIGNDOC_")) {
                environment.addProperty(name, value);
            }
        });
        JsonObject source = new JsonObject();
        source.add("environment", environment);
        return new ClientConfig(source.toString(), true, null);
    }

    /**
     * Starts a configuration.
     *
     * @param endpoint the platform's https URL
     * @param tokenid the token that the platform gave
     * @return a builder
     */
    public static Builder builder(String endpoint, String tokenid) {
        return new Builder(endpoint, tokenid);
    }

    /**
     * Returns this configuration with an HTTP client of the application's own, which sends the orders. Certificate,
     * trusted roots and proxy are that client's: none is needed here, and what is said of them here is not looked at.
     *
     * @param transport it, such as an {@link HttpsTransport}; null: the native library sends
     * @return another configuration
     */
    public ClientConfig withTransport(Transport transport) {
        return new ClientConfig(json, reference, transport);
    }

    /**
     * Checks the configuration and the way to the platform without sending an order. Whatever is wrong is in the
     * report; nothing is thrown for it. With a transport, the report says which, and what that transport lets be seen.
     *
     * @param timeout for the network's part
     * @return what was found
     */
    public PreflightReport preflight(Duration timeout) {
        return preflight(timeout, false);
    }

    /**
     * Does the same as {@link #preflight(Duration)}, and sends up to three orders that must be refused, each once, since only
     * an order shows whether the platform knows the tokenid, and whether the certificate belongs to it. They hold no
     * document of yours, and nothing can come of them. The report says what was sent and what was answered, in the checks
     * {@code live}, {@code token}, {@code registration} and {@code balance}.
     *
     * @param timeout for the network's part
     * @param live whether these orders are sent
     * @return what was found
     */
    public PreflightReport preflight(Duration timeout, boolean live) {
        byte[] config = bytes();
        int limit = WoSignDocClient.millis(timeout);
        byte[] options = Json.bytes("{\"live\":" + live + "}");
        return new PreflightReport(transport != null
                ? new HostedPreflight(config, transport, limit, live).run()
                : Invocation.run((out, length) -> NativeCalls.wsd_preflight_with(
                        config, config.length, options, options.length, limit, out, length)));
    }

    Transport transport() {
        return transport;
    }

    byte[] bytes() {
        return Json.bytes(json);
    }

    /** Reads the settings from where they are kept. */
    ClientConfig settings() {
        if (!reference) {
            return this;
        }
        byte[] source = bytes();
        JsonObject config = Invocation.run(
                (out, length) -> NativeCalls.wsd_config_resolve(source, source.length, out, length));
        return new ClientConfig(config.toString(), false, transport);
    }

    /** Builds a {@link ClientConfig}. */
    public static final class Builder {
        private final JsonObject config = new JsonObject();
        private Transport transport;

        private Builder(String endpoint, String tokenid) {
            config.addProperty("endpoint", endpoint);
            config.addProperty("tokenid", tokenid);
        }

        /**
         * Sets the client certificate and key, from a PKCS#12 file (.p12, .pfx).
         *
         * @param file the file
         * @param passphrase its passphrase, perhaps empty
         * @return this builder
         */
        public Builder pkcs12(Path file, String passphrase) {
            object("identity").addProperty("pkcs12_file", HostFile.name(file));
            object("identity").addProperty("passphrase", passphrase);
            return this;
        }

        /**
         * Sets the client certificate and key, from PEM files.
         *
         * @param certificate the certificate, with its chain behind it if it has one
         * @param key the private key
         * @param passphrase the key's passphrase, or null
         * @return this builder
         */
        public Builder pem(Path certificate, Path key, String passphrase) {
            JsonObject identity = object("identity");
            identity.addProperty("certificate_file", HostFile.name(certificate));
            identity.addProperty("key_file", HostFile.name(key));
            Json.put(identity, "passphrase", passphrase);
            return this;
        }

        /**
         * Sets the client certificate and key, from the bytes of a PKCS#12 file, such as a secret store gives.
         *
         * @param bytes the file's content
         * @param passphrase its passphrase, perhaps empty
         * @return this builder
         */
        public Builder pkcs12(byte[] bytes, String passphrase) {
            object("identity").addProperty("pkcs12", Base64.getEncoder().encodeToString(bytes));
            object("identity").addProperty("passphrase", passphrase);
            return this;
        }

        /**
         * Sets the client certificate and key, from PEM text, such as a secret store gives.
         *
         * @param certificate the certificate, with its chain behind it if it has one
         * @param key the private key
         * @param passphrase the key's passphrase, or null
         * @return this builder
         */
        public Builder pemText(String certificate, String key, String passphrase) {
            JsonObject identity = object("identity");
            identity.addProperty("certificate", certificate);
            identity.addProperty("key", key);
            Json.put(identity, "passphrase", passphrase);
            return this;
        }

        /**
         * Trusts CA certificates that are given as PEM text, otherwise as {@link #caFile}.
         *
         * @param pem the certificates
         * @return this builder
         */
        public Builder caText(String pem) {
            object("roots").addProperty("ca", pem);
            return this;
        }

        /**
         * Trusts the CA certificates of a PEM file when the platform's certificate is verified, instead of
         * the system's unless {@link #systemRoots} is set too.
         *
         * @param file the file
         * @return this builder
         */
        public Builder caFile(Path file) {
            object("roots").addProperty("ca_file", HostFile.name(file));
            return this;
        }

        /**
         * Sets whether the system's CA certificates are trusted.
         *
         * @param trusted true unless a CA file is given
         * @return this builder
         */
        public Builder systemRoots(boolean trusted) {
            object("roots").addProperty("system", trusted);
            return this;
        }

        /**
         * Limits the time in which a connection must come about.
         *
         * @param limit 10 s unless set
         * @return this builder
         */
        public Builder connectTimeout(Duration limit) {
            object("timeouts").addProperty("connect_ms", limit.toMillis());
            return this;
        }

        /**
         * Limits the time of a whole call.
         *
         * @param limit 120 s unless set
         * @return this builder
         */
        public Builder totalTimeout(Duration limit) {
            object("timeouts").addProperty("total_ms", limit.toMillis());
            return this;
        }

        /**
         * Sets how long an unused connection is kept.
         *
         * @param limit 55 s unless set
         * @return this builder
         */
        public Builder idleTimeout(Duration limit) {
            object("timeouts").addProperty("idle_ms", limit.toMillis());
            return this;
        }

        /**
         * Sets the proxy.
         *
         * @param url e.g. {@code http://user:password@proxy:3128}, or {@code system}; none unless set
         * @return this builder
         */
        public Builder proxy(String url) {
            config.addProperty("proxy", url);
            return this;
        }

        /**
         * Has an HTTP client of the application's own send the orders, see {@link ClientConfig#withTransport}.
         *
         * @param transport it, such as an {@link HttpsTransport}
         * @return this builder
         */
        public Builder transport(Transport transport) {
            this.transport = transport;
            return this;
        }

        /**
         * Sets what is added to the User-Agent header.
         *
         * @param suffix e.g. {@code shop/1.0}
         * @return this builder
         */
        public Builder userAgent(String suffix) {
            config.addProperty("user_agent", suffix);
            return this;
        }

        /**
         * Lets orders be sent without materials, for platforms that know the signers already.
         *
         * @param allowed false unless set
         * @return this builder
         */
        public Builder allowEmptyMaterial(boolean allowed) {
            config.addProperty("allow_empty_material", allowed);
            return this;
        }

        /**
         * Sets how often an order is sent when its answer was lost on the way.
         *
         * @param attempts in all; 1 sends it once
         * @return this builder
         */
        public Builder attempts(int attempts) {
            object("retry").addProperty("attempts", attempts);
            return this;
        }

        /**
         * Sets the pause before the second try; it is doubled before each further one.
         *
         * @param pause 500 ms unless set
         * @return this builder
         */
        public Builder retryPause(Duration pause) {
            object("retry").addProperty("pause_ms", pause.toMillis());
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return it; what is wrong with it is said when a client is made
         */
        public ClientConfig build() {
            return new ClientConfig(config.toString(), false, transport);
        }

        private JsonObject object(String name) {
            if (!config.has(name)) {
                config.add(name, new JsonObject());
            }
            return config.getAsJsonObject(name);
        }
    }
}
