package com.wosigndoc;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Holds what the callback URL answers: only {@code 1} with status 200 acknowledges a push. */
public final class PushAnswer {
    private final int status;
    private final String body;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private PushAnswer(int status, String body) {
        this.status = status;
        this.body = body;
        headers.put("Content-Type", "text/plain; charset=utf-8");
    }

    static PushAnswer acknowledge(String acknowledgement) {
        return new PushAnswer(200, acknowledgement);
    }

    static PushAnswer refuse(int status, String word) {
        return new PushAnswer(status, "not acknowledged: " + word);
    }

    PushAnswer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /**
     * Returns the HTTP status.
     *
     * @return 200 when the push is acknowledged
     */
    public int status() {
        return status;
    }

    /**
     * Returns the headers, but the one for the body's length, which every server sets by itself.
     *
     * @return values by name
     */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /**
     * Returns the body.
     *
     * @return {@code 1} when the push is acknowledged, else {@code not acknowledged:} and a word that says why
     */
    public String body() {
        return body;
    }

    /**
     * Returns the body as bytes.
     *
     * @return UTF-8
     */
    public byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Says whether the push is acknowledged.
     *
     * @return true when the site's function returned, now or before
     */
    public boolean acknowledged() {
        return status == 200;
    }
}
