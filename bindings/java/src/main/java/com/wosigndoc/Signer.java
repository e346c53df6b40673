package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One signer of an order: an organisation or a person, with the materials and the places for the seal. */
public final class Signer {
    private final Builder made;

    private Signer(Builder made) {
        this.made = made;
    }

    /**
     * An organisation (signType 1).
     *
     * @param name its name on the business licence
     * @param number its licence number (unified social credit code)
     * @return a builder
     */
    public static Builder organisation(String name, String number) {
        return new Builder(1, "orgName", name, "orgNo", number);
    }

    /**
     * A person (signType 2).
     *
     * @param name the name on the identity card
     * @param number the identity number
     * @return a builder
     */
    public static Builder person(String name, String number) {
        return new Builder(2, "userName", name, "userNo", number);
    }

    JsonObject toJson(Attachments attachments) {
        JsonObject signer = new JsonObject();
        signer.addProperty("signType", made.signType);
        Json.put(signer, made.nameField, made.name);
        Json.put(signer, made.numberField, made.number);
        Json.put(signer, "country", made.country);
        refer(signer, "stampbase", made.stamp, attachments);
        refer(signer, "pic", made.pic, attachments);
        refer(signer, "otherpic", made.otherpic, attachments);
        if (!made.boxes.isEmpty()) {
            JsonArray boxes = new JsonArray();
            made.boxes.forEach(box -> boxes.add(box.toJson()));
            signer.add("signlist", boxes);
        }
        return signer;
    }

    private static void refer(JsonObject signer, String field, DocumentSource source, Attachments attachments) {
        if (source != null) {
            signer.add(field, attachments.refer(source));
        }
    }

    /** Builds a {@link Signer}. */
    public static final class Builder {
        private final int signType;
        private final String nameField;
        private final String name;
        private final String numberField;
        private final String number;
        private String country;
        private DocumentSource stamp;
        private DocumentSource pic;
        private DocumentSource otherpic;
        private List<SignatureBox> boxes = new ArrayList<>();

        private Builder(int signType, String nameField, String name, String numberField, String number) {
            this.signType = signType;
            this.nameField = nameField;
            this.name = name;
            this.numberField = numberField;
            this.number = number;
        }

        private Builder(Builder other) {
            this(other.signType, other.nameField, other.name, other.numberField, other.number);
            country = other.country;
            stamp = other.stamp;
            pic = other.pic;
            otherpic = other.otherpic;
            boxes = Collections.unmodifiableList(new ArrayList<>(other.boxes));
        }

        /**
         * The country, {@code CN} unless set.
         *
         * @param code ISO 3166-1 alpha-2
         * @return this builder
         */
        public Builder country(String code) {
            country = code;
            return this;
        }

        /**
         * The seal picture, PNG or JPEG; without one the platform draws a seal.
         *
         * @param picture the picture
         * @return this builder
         */
        public Builder stamp(DocumentSource picture) {
            stamp = picture;
            return this;
        }

        /**
         * The materials that show who the signer is.
         *
         * @param licenceOrIdentityCard scan of the business licence or identity card
         * @param other other material
         * @return this builder
         */
        public Builder materials(DocumentSource licenceOrIdentityCard, DocumentSource other) {
            pic = licenceOrIdentityCard;
            otherpic = other;
            return this;
        }

        /**
         * Adds a place for the seal; not needed with a template.
         *
         * @param box the place
         * @return this builder
         */
        public Builder signAt(SignatureBox box) {
            boxes.add(box);
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
         * The signer. What is wrong with it is said when the order is validated or sent.
         *
         * @return the signer
         */
        public Signer build() {
            return new Signer(new Builder(this));
        }
    }
}
