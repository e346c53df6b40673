package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;

/** What a test tells its sandbox: the time, what goes wrong, what the inbox answers, where pushes go. */
abstract class SandboxDriving extends SandboxFacts {
    /** Stands for the sandbox's own inbox where a URL of a callback is wanted. */
    public static final String INBOX = "inbox";

    /** How long the clock may take: what falls due meanwhile happens before it answers. */
    private static final Duration CLOCK_PATIENCE = Duration.ofMinutes(30);

    final ControlApi control;

    SandboxDriving(JsonObject told) {
        super(told);
        control = new ControlApi(control());
    }

    /**
     * Moves the platform's clock forward. What falls due meanwhile, such as pushes that are tried again, has happened when this
     * returns.
     *
     * @param span such as {@code 90s}, {@code 10m}, {@code 72h} or {@code 30d}
     */
    public void advance(String span) {
        clock("advance", span);
    }

    /**
     * Moves the platform's clock forward, see {@link #advance(String)}.
     *
     * @param span how far, rounded up to a second
     */
    public void advance(Duration span) {
        advance(span.plusNanos(999_999_999).getSeconds() + "s");
    }

    /**
     * Sets the platform's clock. Forward it is as {@link #advance(String)}; backward nothing happens.
     *
     * @param time the time
     */
    public void setClock(Instant time) {
        clock("set", time.toString());
    }

    /** Sets the platform's clock back to the machine's time. */
    public void resetClock() {
        clock("reset", true);
    }

    /**
     * Tells the time.
     *
     * @return the time by the platform's clock
     */
    public Instant now() {
        return Json.time(Json.object(control.get("/clock")), "now");
    }

    /**
     * Has the next order fail after it was accepted.
     *
     * @param code the platform's code, such as -50
     */
    public void fail(int code) {
        fail(code, null);
    }

    /**
     * Has one order fail after it was accepted.
     *
     * @param code the platform's code, such as -50
     * @param number the order's number; null: whichever order comes next
     */
    public void fail(int code, String number) {
        fault("fail=" + code, number);
    }

    /**
     * Has the next order refused.
     *
     * @param code the platform's code, such as -68
     */
    public void refuse(int code) {
        refuse(code, null);
    }

    /**
     * Has one order refused.
     *
     * @param code the platform's code, such as -68
     * @param number the order's number; null: whichever order comes next
     */
    public void refuse(int code, String number) {
        fault("refuse=" + code, number);
    }

    /**
     * Orders a fault for the next order.
     *
     * @param word what goes wrong, such as {@code lose-answer} or {@code wrong-hash}; docs/platform.md has all of them
     */
    public void fault(String word) {
        fault(word, null);
    }

    /**
     * Orders a fault for one order.
     *
     * @param word what goes wrong
     * @param number the order's number; null: whichever order comes next
     */
    public void fault(String word, String number) {
        fault(word, number, 1);
    }

    /**
     * Orders a fault.
     *
     * @param word what goes wrong
     * @param number the order's number; null: whichever order comes next
     * @param times how many times; 0: until {@link #clearFaults}
     */
    public void fault(String word, String number, int times) {
        control.call("POST", "/faults", Json.of("fault", word, "number", number, "times", times), ControlApi.PATIENCE);
    }

    /** Takes all faults back. */
    public void clearFaults() {
        control.call("DELETE", "/faults", null, ControlApi.PATIENCE);
    }

    /**
     * Sets what the sandbox's inbox answers in place of the right {@code 1}: the site is down, or says no.
     *
     * @param status the HTTP status
     * @param text the answer
     * @param times for how many pushes; 0: until {@link #clearInbox}
     */
    public void answerPushes(int status, String text, int times) {
        control.call("PATCH", "/inbox", Json.of("status", status, "answer", text, "times", times), ControlApi.PATIENCE);
    }

    /** Empties the sandbox's inbox, which answers rightly again. */
    public void clearInbox() {
        control.call("DELETE", "/inbox", null, ControlApi.PATIENCE);
    }

    /**
     * Has documents pushed elsewhere from now on.
     *
     * @param url where a receiver of the test's own listens; {@link #INBOX} or null: to the sandbox's inbox again
     */
    public void callback(String url) {
        JsonObject change = Json.of("callback", url == null || INBOX.equals(url) ? control() + INBOX : url);
        control.call("PATCH", "/tokens/" + ControlApi.quoted(tokenid()), change, ControlApi.PATIENCE);
    }

    /**
     * Pushes an order's document again, whatever became of it before.
     *
     * @param number the order's number, or its signid
     * @return the order
     */
    public SandboxOrder pushAgain(String number) {
        return new SandboxOrder(Json.object(
                control.call("POST", "/orders/" + ControlApi.quoted(number) + "/push-again", null, ControlApi.PATIENCE)));
    }

    /** Forgets orders, pushes, faults, journal and inbox, and sets clock and callback back to what they were at the start. */
    public void reset() {
        control.call("POST", "/reset", null, CLOCK_PATIENCE);
    }

    private void clock(String how, Object value) {
        control.call("POST", "/clock", Json.of(how, value), CLOCK_PATIENCE);
    }
}
