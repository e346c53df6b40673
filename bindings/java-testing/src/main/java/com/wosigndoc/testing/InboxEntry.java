package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import com.wosigndoc.PushOptions;
import com.wosigndoc.PushReceiver;
import com.wosigndoc.ReceivedPush;
import java.time.Instant;

/** Holds a push that came into the sandbox's inbox, and what was answered. */
public final class InboxEntry {
    private final JsonObject entry;
    private final ControlApi control;

    InboxEntry(JsonObject entry, ControlApi control) {
        this.entry = entry;
        this.control = control;
    }

    /**
     * Returns the number of the push in the inbox, counted from 1.
     *
     * @return the number
     */
    public long id() {
        return entry.get("id").getAsLong();
    }

    /**
     * Returns when the push came, by the platform's clock.
     *
     * @return the time
     */
    public Instant at() {
        return Json.time(entry, "at");
    }

    /**
     * Returns your number of the contract.
     *
     * @return the number; null where it could not be read
     */
    public String orderNumber() {
        return Json.text(entry, "order_number");
    }

    /**
     * Returns the platform's id of the order.
     *
     * @return the id; null where it could not be read
     */
    public String signid() {
        return Json.text(entry, "signid");
    }

    /**
     * Returns how long the push is.
     *
     * @return the length of its body in bytes
     */
    public long length() {
        return entry.get("bytes").getAsLong();
    }

    /**
     * Returns why the push is not right, such as that its hash is wrong.
     *
     * @return the library's words; null when it is right
     */
    public String error() {
        return Json.text(entry, "error");
    }

    /**
     * Returns the HTTP status that was answered.
     *
     * @return the status
     */
    public int status() {
        return Json.number(entry, "status");
    }

    /**
     * Returns what was answered.
     *
     * @return the text, {@code 1} for a push that was taken
     */
    public String answer() {
        return Json.text(entry, "answer");
    }

    /**
     * Returns what was posted, byte for byte, such as for {@link com.wosigndoc.PushEndpoint#handle}.
     *
     * @return the request's body
     */
    public byte[] body() {
        return control.get("/inbox/" + id());
    }

    /**
     * Receives the push as a site does.
     *
     * @param options those of your endpoint; {@link PushOptions#DEFAULT} if there are none
     * @return the signed document, or the news that the order failed
     * @throws com.wosigndoc.WoSignDocException when it is not right, or the options refuse it
     */
    public ReceivedPush receive(PushOptions options) {
        return PushReceiver.receive(body(), options);
    }

    /** Says in one line what came, and what was answered. */
    @Override
    public String toString() {
        String said = "push " + id() + " of " + (orderNumber() == null ? "an unknown number" : orderNumber()) + ": "
                + status() + " " + answer();
        return error() == null ? said : said + " (" + error() + ")";
    }
}
