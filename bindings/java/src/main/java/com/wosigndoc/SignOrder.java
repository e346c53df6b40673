package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Describes a contract to be signed: the document, who signs it in which order, and where their seals go. */
public final class SignOrder {
    // Writes the order's JSON, and attaches the bytes that it refers to.
    private final Function<Attachments, String> json;
    // Gives its list of signers, in which no document has to be read.
    private final Supplier<JsonElement> signers;

    private SignOrder(Function<Attachments, String> json, Supplier<JsonElement> signers) {
        this.json = json;
        this.signers = signers;
    }

    /**
     * Starts an order under the caller's unique number of this contract, e.g. its primary key.
     *
     * @param orderNumber the number; sending it twice never signs twice
     * @return a builder
     */
    public static Builder builder(String orderNumber) {
        return new Builder().set("orderNumber", orderNumber);
    }

    /**
     * Takes an order as JSON, with the protocol's own field names; where the protocol takes base64, also
     * {@code {"path": "…"}} or {@code {"attachment": n}}, the n-th of the attachments.
     *
     * @param json a JSON object
     * @param attachments what {@code {"attachment": n}} refers to, counted from 0
     * @return the order
     */
    public static SignOrder ofJson(String json, ByteBuffer... attachments) {
        List<ByteBuffer> slices = Arrays.stream(attachments).map(ByteBuffer::slice).collect(Collectors.toList());
        return new SignOrder(lent -> {
            slices.forEach(slice -> lent.attach(slice.duplicate()));
            return json;
        }, () -> JsonParser.parseString(json).getAsJsonObject().get("signerlist"));
    }

    byte[] toJson(Attachments attachments) {
        return Json.bytes(json.apply(attachments));
    }

    /** Returns as much of the order as says who signs it. */
    JsonObject signers() {
        JsonObject order = new JsonObject();
        order.add("signerlist", signers.get());
        return order;
    }

    /** Builds a {@link SignOrder}. */
    public static final class Builder {
        private final JsonObject fields = new JsonObject();
        private final List<Signer> signers = new ArrayList<>();
        private DocumentSource document;

        private Builder() {}

        private Builder set(String field, String value) {
            Json.put(fields, field, value);
            return this;
        }

        /**
         * Sets the document to sign.
         *
         * @param document its content
         * @param fileformat its suffix, e.g. {@code pdf}
         * @return this builder
         */
        public Builder document(DocumentSource document, String fileformat) {
            this.document = document;
            return set("fileformat", fileformat);
        }

        /**
         * Sets the PDF to sign.
         *
         * @param document its content
         * @return this builder
         */
        public Builder pdf(DocumentSource document) {
            return document(document, "pdf");
        }

        /**
         * Sets the platform's template to use; with a document too, that document gets the template's settings.
         *
         * @param id the template's id
         * @return this builder
         */
        public Builder template(String id) {
            return set("tempid", id);
        }

        /**
         * Sets the subject; one of more than 256 UTF-16 units is cut, with a warning.
         *
         * @param subject the subject
         * @return this builder
         */
        public Builder subject(String subject) {
            return set("subject", subject);
        }

        /**
         * Sets the password that opens the signed document; without one it is not encrypted.
         *
         * @param password the password
         * @return this builder
         */
        public Builder password(String password) {
            return set("password", password);
        }

        /**
         * Adds the next signer: signers sign in the order in which they are added.
         *
         * @param signer the signer
         * @return this builder
         */
        public Builder signer(Signer signer) {
            signers.add(signer);
            return this;
        }

        /**
         * Adds the next signer.
         *
         * @param signer its builder
         * @return this builder
         */
        public Builder signer(Signer.Builder signer) {
            return signer(signer.build());
        }

        /**
         * Makes the order. What is wrong with it is said, all at once, when it is validated or sent.
         *
         * @return the order
         */
        public SignOrder build() {
            JsonObject order = fields.deepCopy();
            DocumentSource source = document;
            List<Signer> all = new ArrayList<>(signers);
            return new SignOrder(attachments -> write(order, source, all, attachments), () -> named(all));
        }

        private static JsonArray named(List<Signer> all) {
            JsonArray list = new JsonArray();
            all.forEach(signer -> list.add(signer.withoutPictures()));
            return list;
        }

        private static String write(JsonObject fields, DocumentSource document, List<Signer> all, Attachments attachments) {
            JsonObject order = fields.deepCopy();
            if (document != null) {
                order.add("filebase", attachments.refer(document));
            }
            JsonArray list = new JsonArray();
            all.forEach(signer -> list.add(signer.toJson(attachments)));
            order.add("signerlist", list);
            return order.toString();
        }
    }
}
