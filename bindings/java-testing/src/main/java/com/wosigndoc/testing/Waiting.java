package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Waits for what becomes of orders, and says where they stand when nothing does. */
final class Waiting {
    /** How long one call waits: afterwards it is seen whether the test was interrupted. */
    private static final double STEP_SECONDS = 1;
    /** The pause between two looks into the inbox, which has no call that waits. */
    private static final int PAUSE_MS = 25;

    private final ControlApi control;
    private final String tokenid;
    private final String inbox;
    // For each order, the newest push that was there when another one was asked for.
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    Waiting(ControlApi control, String tokenid, String inbox) {
        this.control = control;
        this.tokenid = tokenid;
        this.inbox = inbox;
    }

    SandboxOrder pushAgain(String number) {
        seen.put(number, newest(number));
        return new SandboxOrder(Json.object(
                control.call("POST", "/orders/" + ControlApi.quoted(number) + "/push-again", null, ControlApi.PATIENCE)));
    }

    void forget() {
        seen.clear();
    }

    SandboxOrder state(String number, OrderState state, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            double left = Math.max(0, end - System.nanoTime()) / 1e9;
            ControlApi.Answer answer = control.answer("GET", "/wait?number=" + ControlApi.quoted(number) + "&until="
                    + state.word() + "&timeout=" + Math.min(left, STEP_SECONDS), null, ControlApi.PATIENCE);
            if (answer.status == 200) {
                return new SandboxOrder(Json.object(answer.body));
            }
            if (answer.status != 408) {
                throw ControlApi.refusal(answer);
            }
            if (System.nanoTime() - end >= 0) {
                throw late(number, number + " is not " + state.word() + " after " + timeout,
                        timeout + " 后 " + number + " 仍未到达状态 " + state.word());
            }
            seeInterrupt(Thread.interrupted());
        }
    }

    SandboxPush push(String number, Duration timeout) {
        long after = seen.getOrDefault(number, 0L);
        long end = System.nanoTime() + timeout.toNanos();
        for (long id = newest(number); ; id = newest(number)) {
            if (id > after) {
                return new SandboxPush(id, control.get("/inbox/" + id));
            }
            mustGoToInbox(number);
            if (System.nanoTime() - end >= 0) {
                throw late(number, "no push of " + number + " came into the inbox within " + timeout,
                        timeout + " 内收件箱没有收到 " + number + " 的推送");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } catch (InterruptedException stop) {
                seeInterrupt(true);
            }
        }
    }

    /** Returns the id of the newest right push of an order in the inbox; 0 when there is none. */
    private long newest(String number) {
        List<Long> ids = Json.list(control.get("/inbox?number=" + ControlApi.quoted(number)),
                letter -> Long.valueOf(letter.get("id").getAsLong()));
        return ids.isEmpty() ? 0 : Collections.max(ids);
    }

    List<JournalEntry> journal(String number) {
        String which = number == null ? "" : "&number=" + ControlApi.quoted(number);
        List<JournalEntry> entries = new ArrayList<>(Json.list(control.get("/journal?limit=1000" + which), JournalEntry::new));
        Collections.reverse(entries);
        return Collections.unmodifiableList(entries);
    }

    private void mustGoToInbox(String number) {
        for (JsonObject token : Json.list(control.get("/tokens"), each -> each)) {
            String callback = Json.text(token, "callback");
            if (tokenid.equals(Json.text(token, "tokenid")) && !inbox.equals(callback)) {
                throw new IllegalStateException("the push of " + number + " goes to " + callback
                        + ", not to the inbox: ask the receiver there, or awaitState(number, OrderState.PUSHED) ("
                        + number + " 的推送发往 " + callback + "，而不是收件箱：请查看该接收端，或使用 awaitState(number, OrderState.PUSHED))");
            }
        }
    }

    private static void seeInterrupt(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted while waiting for the sandbox", "等待沙箱时被中断");
        }
    }

    private SandboxTimeoutException late(String number, String message, String messageZh) {
        StringBuilder said = new StringBuilder(message).append(" (").append(messageZh).append(")\n  ").append(standing(number));
        said.append("\n  its journal:");
        List<JournalEntry> entries = journal(number);
        entries.forEach(entry -> said.append("\n    ").append(entry));
        if (entries.isEmpty()) {
            said.append(" nothing (日志中没有该订单)");
        }
        return new SandboxTimeoutException(said.toString());
    }

    private String standing(String number) {
        ControlApi.Answer answer = control.answer("GET", "/orders/" + ControlApi.quoted(number), null, ControlApi.PATIENCE);
        return answer.status == 200
                ? new SandboxOrder(Json.object(answer.body)).toString()
                : "the platform has accepted no such order (平台没有接受过该订单)";
    }
}
