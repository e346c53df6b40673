package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;

/** Makes a preflight's requests by a {@link Transport}; what comes of them is judged by the native library. */
final class HostedPreflight {
    // What is told of an answer, in bytes: the platform's own is shorter.
    private static final int TOLD = 64 * 1024;

    private final byte[] settings;
    private final Transport transport;
    private final int limit;
    private final boolean live;
    private final JsonObject told = new JsonObject();

    HostedPreflight(byte[] settings, Transport transport, int limit, boolean live) {
        this.settings = settings;
        this.transport = transport;
        this.limit = limit;
        this.live = live;
    }

    /** Returns the report. */
    JsonObject run() {
        told.addProperty("transport", transport.getClass().getName());
        showCertificate(transport.certificate());
        JsonArray orders = new JsonArray();
        if (live) {
            told.addProperty("live", true);
            told.add("orders", orders);
        }
        JsonObject report = look();
        while (report.get("request").isJsonObject()) {
            JsonObject saw = ask(report.getAsJsonObject("request"));
            if (saw == null) {
                return report;
            }
            if (live) {
                orders.add(saw);
            } else {
                saw.entrySet().forEach(each -> told.add(each.getKey(), each.getValue()));
            }
            report = look();
        }
        return report;
    }

    private JsonObject look() {
        byte[] json = Json.bytes(told.toString());
        return Invocation.run((out, length) -> NativeCalls.wsd_preflight_hosted(
                settings, settings.length, json, json.length, limit, out, length));
    }

    private void showCertificate(X509Certificate certificate) {
        if (certificate != null) {
            try {
                told.addProperty("certificate", Base64.getEncoder().encodeToString(certificate.getEncoded()));
            } catch (CertificateEncodingException unreadable) {
                throw new IllegalStateException(unreadable);
            }
        }
    }

    /** Makes a request, once, and returns what came of it; null when the transport does not ask. */
    private JsonObject ask(JsonObject about) {
        TransportRequest request = TransportRequest.probe(about);
        JsonObject saw = new JsonObject();
        try (HostedSender.Closing answer =
                new HostedSender.Closing(live ? transport.send(request) : transport.probe(request))) {
            if (answer.held == null && !live) {
                return null;
            }
            if (answer.held == null) {
                throw new IOException(TransportException.NULL);
            }
            HostedSender.Received received = HostedSender.Received.of(answer.held, request);
            byte[] body = Arrays.copyOf(received.body, Math.min(received.body.length, TOLD));
            JsonObject seen = new JsonObject();
            seen.addProperty("http_status", received.status);
            seen.addProperty("body", Base64.getEncoder().encodeToString(body));
            saw.add("answer", seen);
        } catch (IOException | RuntimeException failure) {
            // What is wrong is in the report, never thrown.
            saw.add("failure", HostedSender.told(request, failure));
        }
        return saw;
    }
}
