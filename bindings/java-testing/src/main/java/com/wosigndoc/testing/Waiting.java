package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
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
    // The pushes that were returned.
    private final Set<Long> taken = ConcurrentHashMap.newKeySet();

    Waiting(ControlApi control, String tokenid, String inbox) {
        this.control = control;
        this.tokenid = tokenid;
        this.inbox = inbox;
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
            if (answer.status == 409) {
                throw late(number, number + " cannot become " + state.word() + " any longer",
                        number + " 已不可能到达状态 " + state.word());
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

    /** Waits for the oldest push that was not returned yet. */
    InboxEntry push(String number, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            for (InboxEntry each : inbox("?number=" + ControlApi.quoted(number))) {
                if (taken.add(each.id())) {
                    return each;
                }
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

    List<InboxEntry> inbox(String which) {
        return Json.list(control.get("/inbox" + which), letter -> new InboxEntry(letter, control));
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
