package com.wosigndoc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Serves a {@link PushEndpoint} by the JDK's own HTTP server. */
public final class PushHttpHandler implements HttpHandler {
    private final PushEndpoint endpoint;

    /**
     * Makes a handler.
     *
     * @param endpoint what answers
     */
    public PushHttpHandler(PushEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            String method = exchange.getRequestMethod();
            PushAnswer answer = endpoint.handle(method, body);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            if ("HEAD".equals(method)) {
                // The server takes no body for it.
                exchange.sendResponseHeaders(answer.status(), -1);
                return;
            }
            byte[] bytes = answer.bytes();
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        } finally {
            exchange.close();
        }
    }
}
