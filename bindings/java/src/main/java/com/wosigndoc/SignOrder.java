package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A contract to be signed: the document, who signs it in which order, and where their seals go. */
public final class SignOrder {
    private final Builder made;

    private SignOrder(Builder made) {
        this.made = made;
    }

    /**
     * An order under the caller's unique number of this contract, e.g. its primary key.
     *
     * @param orderNumber the number; sending it twice never signs twice
     * @return a builder
     */
    public static Builder builder(String orderNumber) {
        Builder builder = new Builder();
        builder.orderNumber = orderNumber;
        return builder;
    }

    /**
     * An order as JSON, with the protocol's own field names; where the protocol takes base64, also
     * {@code {"path": "…"}} or {@code {"attachment": n}}, the n-th of the attachments.
     *
     * @param json a JSON object
     * @param attachments what {@code {"attachment": n}} refers to, counted from 0
     * @return the order
     */
    public static SignOrder ofJson(String json, ByteBuffer... attachments) {
        Builder builder = new Builder();
        builder.json = json;
        for (ByteBuffer attachment : attachments) {
            builder.attachments.add(attachment.slice());
        }
        return new SignOrder(builder);
    }

    byte[] toJson(Attachments attachments) {
        if (made.json != null) {
            made.attachments.forEach(buffer -> attachments.attach(buffer.duplicate()));
            return Json.bytes(made.json);
        }
        JsonObject order = new JsonObject();
        Json.put(order, "tempid", made.template);
        Json.put(order, "subject", made.subject);
        Json.put(order, "password", made.password);
        if (made.document != null) {
            order.add("filebase", attachments.refer(made.document));
        }
        Json.put(order, "fileformat", made.fileformat);
        Json.put(order, "orderNumber", made.orderNumber);
        JsonArray signers = new JsonArray();
        made.signers.forEach(signer -> signers.add(signer.toJson(attachments)));
        order.add("signerlist", signers);
        return Json.bytes(order.toString());
    }

    /** Builds a {@link SignOrder}. */
    public static final class Builder {
        private String json;
        private final List<ByteBuffer> attachments = new ArrayList<>();
        private String orderNumber;
        private String template;
        private String subject;
        private String password;
        private DocumentSource document;
        private String fileformat;
        private List<Signer> signers = new ArrayList<>();

        private Builder() {}

        /**
         * The document to sign.
         *
         * @param document its content
         * @param fileformat its suffix, e.g. {@code pdf}
         * @return this builder
         */
        public Builder document(DocumentSource document, String fileformat) {
            this.document = document;
            this.fileformat = fileformat;
            return this;
        }

        /**
         * The PDF to sign.
         *
         * @param document its content
         * @return this builder
         */
        public Builder pdf(DocumentSource document) {
            return document(document, "pdf");
        }

        /**
         * The platform's template to use; with a document too, that document with the template's settings.
         *
         * @param id the template's id
         * @return this builder
         */
        public Builder template(String id) {
            template = id;
            return this;
        }

        /**
         * The subject; one of more than 256 UTF-16 units is cut, with a warning.
         *
         * @param subject the subject
         * @return this builder
         */
        public Builder subject(String subject) {
            this.subject = subject;
            return this;
        }

        /**
         * The password that opens the signed document; without one it is not encrypted.
         *
         * @param password the password
         * @return this builder
         */
        public Builder password(String password) {
            this.password = password;
            return this;
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
         * The order. What is wrong with it is said, all at once, when it is validated or sent.
         *
         * @return the order
         */
        public SignOrder build() {
            Builder copy = new Builder();
            copy.orderNumber = orderNumber;
            copy.template = template;
            copy.subject = subject;
            copy.password = password;
            copy.document = document;
            copy.fileformat = fileformat;
            copy.signers = Collections.unmodifiableList(new ArrayList<>(signers));
            return new SignOrder(copy);
        }
    }
}
