package com.wosigndoc;

import com.google.gson.JsonObject;

/**
 * Describes a place for a seal: a page, and a rectangle on it as fractions of the page's width and height as
 * displayed, from the lower left corner.
 */
public final class SignatureBox {
    private final int page;
    private final double left;
    private final double bottom;
    private final double right;
    private final double top;

    /**
     * Makes a place for a seal.
     *
     * @param page the page, counted from 1
     * @param left the left edge, from 0 to 1 of the page's width
     * @param bottom the lower edge, from 0 to 1 of the page's height
     * @param right the right edge, greater than {@code left}
     * @param top the upper edge, greater than {@code bottom}
     */
    public SignatureBox(int page, double left, double bottom, double right, double top) {
        this.page = page;
        this.left = left;
        this.bottom = bottom;
        this.right = right;
        this.top = top;
    }

    JsonObject toJson() {
        JsonObject box = new JsonObject();
        box.addProperty("page", page);
        edge(box, "left", left);
        edge(box, "bottom", bottom);
        edge(box, "right", right);
        edge(box, "top", top);
        return box;
    }

    // JSON has no NaN or infinity; as text the library refuses them and names the field.
    private static void edge(JsonObject box, String name, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            box.addProperty(name, String.valueOf(value));
        } else {
            box.addProperty(name, value);
        }
    }
}
