package com.wosigndoc;

import com.google.gson.JsonObject;
import java.util.List;

/** Reports that the platform has accepted an order: the signed document will be pushed. */
public final class SignOrderResult {
    private final JsonObject document;

    SignOrderResult(JsonObject document) {
        this.document = document;
    }

    /**
     * Returns the platform's id of the order.
     *
     * @return the id; null when {@link #acceptedBefore()}, until the push brings it
     */
    public String signid() {
        return Json.text(document, "signid", null);
    }

    /**
     * Returns the caller's number of the contract.
     *
     * @return the number
     */
    public String orderNumber() {
        return Json.text(document, "orderNumber", "");
    }

    /**
     * Says whether an earlier try of this very call had reached the platform, its answer having been lost.
     *
     * @return true when it had
     */
    public boolean acceptedBefore() {
        return document.has("accepted_before") && document.get("accepted_before").getAsBoolean();
    }

    /**
     * Returns how often the order was sent.
     *
     * @return 1 or more
     */
    public int attempts() {
        return document.has("attempts") ? document.get("attempts").getAsInt() : 1;
    }

    /**
     * Returns oddities that stopped nothing.
     *
     * @return the warnings, perhaps none
     */
    public List<Warning> warnings() {
        return Warning.list(document);
    }
}
