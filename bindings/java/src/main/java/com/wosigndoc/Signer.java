package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** Describes one signer of an order: an organisation or a person, with the materials and the places for the seal. */
public final class Signer {
    private final JsonObject fields;
    private final Map<String, DocumentSource> pictures;

    private Signer(Builder builder) {
        fields = builder.fields.deepCopy();
        pictures = new LinkedHashMap<>(builder.pictures);
    }

    /**
     * Starts an organisation (signType 1).
     *
     * @param name its name on the business licence
     * @param number its licence number (unified social credit code)
     * @return a builder
     */
    public static Builder organisation(String name, String number) {
        return new Builder(1).set("orgName", name).set("orgNo", number);
    }

    /**
     * Starts a person (signType 2).
     *
     * @param name the name on the identity card
     * @param number the identity number
     * @return a builder
     */
    public static Builder person(String name, String number) {
        return new Builder(2).set("userName", name).set("userNo", number);
    }

    JsonObject withoutPictures() {
        return fields.deepCopy();
    }

    JsonObject toJson(Attachments attachments) {
        JsonObject signer = withoutPictures();
        pictures.forEach((field, source) -> signer.add(field, attachments.refer(source)));
        return signer;
    }

    /** Builds a {@link Signer}. */
    public static final class Builder {
        private final JsonObject fields = new JsonObject();
        private final Map<String, DocumentSource> pictures = new LinkedHashMap<>();

        private Builder(int signType) {
            fields.addProperty("signType", signType);
        }

        private Builder set(String field, String value) {
            Json.put(fields, field, value);
            return this;
        }

        private Builder set(String field, DocumentSource picture) {
            pictures.put(field, picture);
            pictures.values().remove(null);
            return this;
        }

        /**
         * Sets the country, {@code CN} unless set.
         *
         * @param code ISO 3166-1 alpha-2
         * @return this builder
         */
        public Builder country(String code) {
            return set("country", code);
        }

        /**
         * Sets the seal picture, PNG or JPEG; without one the platform draws a seal.
         *
         * @param picture the picture
         * @return this builder
         */
        public Builder stamp(DocumentSource picture) {
            return set("stampbase", picture);
        }

        /**
         * Sets the materials that show who the signer is.
         *
         * @param licenceOrIdentityCard scan of the business licence or identity card
         * @param other other material
         * @return this builder
         */
        public Builder materials(DocumentSource licenceOrIdentityCard, DocumentSource other) {
            return set("pic", licenceOrIdentityCard).set("otherpic", other);
        }

        /**
         * Adds a place for the seal; not needed with a template.
         *
         * @param box the place
         * @return this builder
         */
        public Builder signAt(SignatureBox box) {
            if (!fields.has("signlist")) {
                fields.add("signlist", new JsonArray());
            }
            fields.getAsJsonArray("signlist").add(box.toJson());
            return this;
        }

        /**
         * Adds a place for the seal, see {@link SignatureBox#SignatureBox}.
         *
         * @param page the page, counted from 1
         * @param left the left edge, from 0 to 1
         * @param bottom the lower edge, from 0 to 1
         * @param right the right edge
         * @param top the upper edge
         * @return this builder
         */
        public Builder signAt(int page, double left, double bottom, double right, double top) {
            return signAt(new SignatureBox(page, left, bottom, right, top));
        }

        /**
         * Makes the signer. What is wrong with it is said when the order is validated or sent.
         *
         * @return the signer
         */
        public Signer build() {
            return new Signer(this);
        }
    }
}
