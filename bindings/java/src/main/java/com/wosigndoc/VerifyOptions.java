package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * Says whom you trust, and what you demand of a document. Options are immutable; they are checked when a document is
 * verified, or an endpoint built with them.
 */
public final class VerifyOptions {
    private final JsonObject options;
    private final byte[] sent;

    private VerifyOptions(JsonObject options, byte[] sent) {
        this.options = options;
        this.sent = sent;
    }

    /** Names a policy that is ready to use. */
    public enum Preset {
        /** Nothing is left open: revocation has to be proven, and nothing may be weak. */
        STRICT,
        /** What the platform signs is valid, and what is weak has to be looked at. */
        DEFAULT,
        /** Only what is broken, altered or not trusted counts; all else stands in the report. */
        REPORT
    }

    /** Says how the name of a signer is compared with the certificate's. */
    public enum NameMatch {
        /** Letter by letter. */
        EXACT,
        /** Without regard to case, spaces, and full or half width. */
        FOLDED,
        /** As {@link #FOLDED}, and it may be a part of what the certificate says. */
        CONTAINS,
        /** Not at all: whoever signs counts. */
        IGNORE
    }

    /** Says whether the number of a signer is compared with the certificate's. */
    public enum NumberMatch {
        /** Not at all. */
        IGNORE,
        /** If the certificate has one. */
        IF_PRESENT,
        /** The certificate has to have it. */
        REQUIRED
    }

    /**
     * Starts options, which trust nobody until {@link Builder#caFile}, {@link Builder#caText} or {@link Builder#trust}
     * says whom.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(new JsonObject(), null);
    }

    /**
     * Takes options as JSON, as from a configuration and for what has no method here. docs/verification.md has every
     * setting. What {@link #toBuilder} sets on top leaves all else as it is: a list grows, another setting is replaced.
     *
     * @param json a JSON object
     * @return the options
     */
    public static VerifyOptions ofJson(String json) {
        return new VerifyOptions(JsonParser.parseString(json).getAsJsonObject(), null);
    }

    /**
     * Starts from these options, such as to add the order of one contract to the trust of all.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return new Builder(options.deepCopy(), sent);
    }

    JsonObject json() {
        return options.deepCopy();
    }

    JsonObject json(Path document) {
        JsonObject copy = options.deepCopy();
        copy.addProperty("path", HostFile.name(document));
        return copy;
    }

    byte[] sent() {
        return sent;
    }

    /** Builds {@link VerifyOptions}. */
    public static final class Builder {
        private final JsonObject options;
        private byte[] sent;

        private Builder(JsonObject options, byte[] sent) {
            this.options = options;
            this.sent = sent;
        }

        /**
         * Trusts the certificates in a file. It may be called several times.
         *
         * @param file PEM, DER or PKCS#7; read whenever a document is verified
         * @return this builder
         */
        public Builder caFile(Path file) {
            list(group("roots"), "ca_file").add(HostFile.name(file));
            return this;
        }

        /**
         * Trusts the certificates in a text. It may be called several times.
         *
         * @param pem one certificate or several
         * @return this builder
         */
        public Builder caText(String pem) {
            list(group("roots"), "ca").add(Objects.requireNonNull(pem, "pem"));
            return this;
        }

        /**
         * Trusts what {@link Verification#trustOf} named, and a person has looked at. It may be called several times.
         *
         * @param blocks the blocks
         * @return this builder
         */
        public Builder trust(List<TrustBlock> blocks) {
            blocks.forEach(each -> list(options, "trust").add(each.block.deepCopy()));
            return this;
        }

        /**
         * Does the same with blocks from a configuration, where {@link TrustReport#trustJson} was pasted.
         *
         * @param json a JSON array
         * @return this builder
         */
        public Builder trustJson(String json) {
            JsonParser.parseString(json).getAsJsonArray().forEach(list(options, "trust")::add);
            return this;
        }

        /**
         * Opens an encrypted document.
         *
         * @param password the user's or the owner's
         * @return this builder
         */
        public Builder password(String password) {
            return set(options, "password", password);
        }

        /**
         * Judges at a time other than now. A trusted time stamp goes before it.
         *
         * @param time the time, which counts to the second
         * @return this builder
         */
        public Builder at(Instant time) {
            return set(options, "at", time.truncatedTo(ChronoUnit.SECONDS).toString());
        }

        /**
         * Takes a policy that is ready to use. What is set beside it goes before it.
         *
         * @param preset the policy
         * @return this builder
         */
        public Builder preset(Preset preset) {
            return set(options, "preset", Json.word(preset));
        }

        /**
         * Sets what follows when the document does not prove whether a certificate was revoked.
         *
         * @param then the consequence
         * @return this builder
         */
        public Builder unknownRevocation(Consequence then) {
            return set(group("policy"), "unknown_revocation", Json.word(then));
        }

        /**
         * Sets what follows when a certificate has expired, and no trusted time stamp proves that it signed in time.
         *
         * @param then the consequence
         * @return this builder
         */
        public Builder expired(Consequence then) {
            return set(group("policy"), "expired", Json.word(then));
        }

        /**
         * Sets what follows when a hash or a key is weak.
         *
         * @param then the consequence
         * @return this builder
         */
        public Builder weak(Consequence then) {
            return set(group("policy"), "weak", Json.word(then));
        }

        /**
         * Sets what follows when something is odd, and breaks nothing.
         *
         * @param then the consequence
         * @return this builder
         */
        public Builder warnings(Consequence then) {
            return set(group("policy"), "warnings", Json.word(then));
        }

        /**
         * Sets the least length of an RSA key that is not weak.
         *
         * @param bits 2048 unless set
         * @return this builder
         */
        public Builder rsaBits(int bits) {
            group("policy").addProperty("rsa_bits", bits);
            return this;
        }

        /**
         * Sets whether SHA-1 will do.
         *
         * @param accept false unless set
         * @return this builder
         */
        public Builder sha1(boolean accept) {
            group("policy").addProperty("sha1", accept);
            return this;
        }

        /**
         * Demands that each signer of an order has signed, in their order. Only what the order says of its signers is
         * kept: no document and no picture is read.
         *
         * @param order the order, as it was sent
         * @return this builder
         */
        public Builder order(SignOrder order) {
            options.add("order", Objects.requireNonNull(order, "order").signers());
            return this;
        }

        /**
         * Demands that these have signed. It may be called several times.
         *
         * @param names of organisations and persons
         * @return this builder
         */
        public Builder signers(String... names) {
            for (String name : names) {
                list(group("signers"), "names").add(Objects.requireNonNull(name, "name"));
            }
            return this;
        }

        /**
         * Sets whether who had to sign has to have done so in that order.
         *
         * @param demand true for an {@link #order}, false for {@link #signers} unless set
         * @return this builder
         */
        public Builder inOrder(boolean demand) {
            group("signers").addProperty("in_order", demand);
            return this;
        }

        /**
         * Sets how many trusted signatures there have to be: one that is not trusted, and a time stamp, do not count.
         *
         * @param count the number
         * @return this builder
         */
        public Builder signatureCount(int count) {
            group("signers").addProperty("count", count);
            return this;
        }

        /**
         * Sets how names of signers are compared.
         *
         * @param match {@link NameMatch#FOLDED} unless set
         * @return this builder
         */
        public Builder matchNames(NameMatch match) {
            return set(match(), "name", Json.word(match));
        }

        /**
         * Sets whether numbers of licences and identity cards are compared.
         *
         * @param match {@link NumberMatch#IGNORE} unless set
         * @return this builder
         */
        public Builder matchNumbers(NumberMatch match) {
            return set(match(), "number", Json.word(match));
        }

        /**
         * Sets whether what the signer wrote into the signature, beside its certificate, counts as a name too.
         *
         * @param accept false unless set
         * @return this builder
         */
        public Builder matchDictionary(boolean accept) {
            match().addProperty("dictionary", accept);
            return this;
        }

        /**
         * Compares the document with the one that was sent for signing.
         *
         * @param file the file that was sent
         * @return this builder
         */
        public Builder sent(Path file) {
            sent = null;
            return set(options, "sent", HostFile.name(file));
        }

        /**
         * Compares the document with the one that was sent for signing. Not for {@link PushOptions#verify}: it takes a file.
         *
         * @param document the bytes that were sent
         * @return this builder
         */
        public Builder sent(byte[] document) {
            sent = document.clone();
            options.remove("sent");
            return this;
        }

        /**
         * Makes the options.
         *
         * @return the options
         */
        public VerifyOptions build() {
            return new VerifyOptions(options.deepCopy(), sent);
        }

        private Builder set(JsonObject group, String name, String value) {
            Json.put(group, name, value);
            return this;
        }

        private JsonObject match() {
            return group(group("signers"), "match");
        }

        private JsonObject group(String name) {
            return group(options, name);
        }

        private static JsonObject group(JsonObject parent, String name) {
            if (Json.object(parent, name) == null) {
                parent.add(name, new JsonObject());
            }
            return parent.getAsJsonObject(name);
        }

        // Where a list may stand, what it would hold may, too.
        private static JsonArray list(JsonObject parent, String name) {
            JsonElement value = parent.get(name);
            if (value instanceof JsonArray) {
                return value.getAsJsonArray();
            }
            JsonArray list = new JsonArray();
            if (value != null && !value.isJsonNull()) {
                list.add(value);
            }
            parent.add(name, list);
            return list;
        }
    }
}
