package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Locale;

/** Holds an order as the platform has it, and where its push stands. */
public final class SandboxOrder {
    private final JsonObject order;
    private final JsonObject push;

    SandboxOrder(JsonObject order) {
        this.order = order;
        this.push = Json.child(order, "push");
    }

    /**
     * Returns the platform's id of the order.
     *
     * @return the id
     */
    public String signid() {
        return Json.text(order, "signid");
    }

    /**
     * Returns the token that the order was sent with.
     *
     * @return the TokenID
     */
    public String tokenid() {
        return Json.text(order, "tokenid");
    }

    /**
     * Returns your number of the contract.
     *
     * @return the number
     */
    public String orderNumber() {
        return Json.text(order, "order_number");
    }

    /**
     * Returns how far the order itself has come.
     *
     * @return {@link OrderState#ACCEPTED}, {@link OrderState#SIGNED} or {@link OrderState#FAILED}
     */
    public OrderState state() {
        return OrderState.valueOf(Json.text(order, "state").toUpperCase(Locale.ROOT));
    }

    /**
     * Returns when the order was accepted, by the platform's clock.
     *
     * @return the time
     */
    public Instant acceptedAt() {
        return Json.time(order, "accepted_at");
    }

    /**
     * Returns why the order failed.
     *
     * @return the platform's code, such as -50; null when it has not failed
     */
    public Integer errorCode() {
        return Json.number(order, "errorcode");
    }

    /**
     * Returns the SHA-256 of the signed document.
     *
     * @return 64 hex digits; null when it is not signed
     */
    public String sha256() {
        return Json.text(order, "sha256");
    }

    /**
     * Returns where the push stands.
     *
     * @return {@code pending}, {@code acknowledged} or {@code undelivered}; null while there is nothing to push
     */
    public String pushState() {
        return Json.text(push, "state");
    }

    /**
     * Returns how many times the push was tried.
     *
     * @return the number of tries so far
     */
    public int pushTries() {
        return push == null ? 0 : Json.number(push, "tries");
    }

    /**
     * Returns when the push is tried next, by the platform's clock.
     *
     * @return the time; null when it is not tried again by itself
     */
    public Instant nextPush() {
        return Json.time(push, "next_try");
    }

    /**
     * Returns why the last try to push was not acknowledged.
     *
     * @return the platform's words; null when it was
     */
    public String pushError() {
        return Json.text(push, "last_error");
    }

    /**
     * Returns all that the control API says of the order.
     *
     * @return a JSON object
     */
    public String toJson() {
        return order.toString();
    }

    /** Says in one line where the order stands. */
    @Override
    public String toString() {
        return Json.text(order, "line");
    }
}
