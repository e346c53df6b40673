package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.time.Instant;

/** Holds one exchange of the sandbox: an order that came in, or a push that went out. No document and no secret is in it. */
public final class JournalEntry {
    private final JsonObject entry;

    JournalEntry(JsonObject entry) {
        this.entry = entry;
    }

    /**
     * Returns the entry's number in the journal, counted from 1.
     *
     * @return the number
     */
    public long id() {
        return entry.get("id").getAsLong();
    }

    /**
     * Says whether it is a push that went out, and not an order that came in.
     *
     * @return whether it is a push
     */
    public boolean isPush() {
        return "push".equals(Json.text(entry, "kind"));
    }

    /**
     * Returns when the exchange began, by the platform's clock.
     *
     * @return the time
     */
    public Instant at() {
        return Json.time(entry, "at");
    }

    /**
     * Returns your number of the contract.
     *
     * @return the number; null where it is not known
     */
    public String orderNumber() {
        return Json.text(entry, "order_number");
    }

    /**
     * Returns the platform's id of the order.
     *
     * @return the id; null where it is not known
     */
    public String signid() {
        return Json.text(entry, "signid");
    }

    /**
     * Returns how often the push had been tried, this try included.
     *
     * @return the number of tries; null for an order
     */
    public Integer tries() {
        return Json.number(entry, "tries");
    }

    /**
     * Returns the HTTP status of the answer.
     *
     * @return the status; null when none came
     */
    public Integer status() {
        return Json.number(Json.child(entry, "answer"), "status");
    }

    /**
     * Returns the printable beginning of the answer.
     *
     * @return the text; null where there is none, or it may hold what nobody may read
     */
    public String answer() {
        return Json.text(Json.child(entry, "answer"), "start");
    }

    /**
     * Returns why the order was refused, or the push not acknowledged.
     *
     * @return the platform's words; null when nothing was wrong
     */
    public String error() {
        return Json.text(entry, "error");
    }

    /**
     * Returns all that the journal has of the exchange: heads, lengths and times too.
     *
     * @return a JSON object
     */
    public String toJson() {
        return entry.toString();
    }

    /** Says in one line what happened. */
    @Override
    public String toString() {
        return Json.text(entry, "line");
    }
}
