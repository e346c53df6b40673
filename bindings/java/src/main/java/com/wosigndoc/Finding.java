package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * Holds what was found about one side of a signature, and why.
 *
 * @param <T> the values that it can have
 */
public final class Finding<T extends Enum<T>> {
    private final JsonObject finding;
    private final T value;

    private Finding(JsonObject finding, T value) {
        this.finding = finding;
        this.value = value;
    }

    /** Reads a finding; one that is missing has the value for what is not recognized. */
    static <T extends Enum<T>> Finding<T> of(JsonObject object, String name, T other) {
        JsonObject finding = Json.objectOrEmpty(object, name);
        return new Finding<>(finding, Json.word(finding, "value", other));
    }

    /**
     * Returns the value.
     *
     * @return it; {@code OTHER} for a word of a newer native library
     */
    public T value() {
        return value;
    }

    /**
     * Returns the native library's word for the value, also when this package does not know it.
     *
     * @return e.g. {@code whole_file}
     */
    public String word() {
        return Json.text(finding, "value", "");
    }

    /**
     * Returns why it is so.
     *
     * @return the reasons, perhaps none
     */
    public List<Bilingual> reasons() {
        return Json.list(finding, "reasons", Bilingual::new);
    }

    @Override
    public String toString() {
        return word();
    }
}
