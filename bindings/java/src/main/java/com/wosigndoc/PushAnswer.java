package com.wosigndoc;

import java.nio.charset.StandardCharsets;

/** What the callback URL answers: only {@code 1} with status 200 acknowledges a push. */
public final class PushAnswer {
    /** The content type of every answer. */
    public static final String CONTENT_TYPE = "text/plain; charset=utf-8";

    private final int status;
    private final String body;

    PushAnswer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    /**
     * The HTTP status.
     *
     * @return 200 when the push is acknowledged
     */
    public int status() {
        return status;
    }

    /**
     * The body.
     *
     * @return {@code 1} when the push is acknowledged, else a word that says why not
     */
    public String body() {
        return body;
    }

    /**
     * The body as bytes.
     *
     * @return UTF-8
     */
    public byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether the push is acknowledged.
     *
     * @return true when the site's function returned, now or before
     */
    public boolean acknowledged() {
        return status == 200;
    }
}
