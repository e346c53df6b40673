package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;

/** Makes a preflight's request by a {@link Transport}; what comes of it is judged by the native library. */
final class HostedPreflight {
    // What is told of an answer, in bytes: the platform's own is shorter.
    private static final int TOLD = 64 * 1024;

    private final byte[] settings;
    private final Transport transport;
    private final int limit;
    private final JsonObject told = new JsonObject();

    HostedPreflight(byte[] settings, Transport transport, int limit) {
        this.settings = settings;
        this.transport = transport;
        this.limit = limit;
    }

    /** Returns the report. */
    JsonObject run() {
        told.addProperty("transport", transport.getClass().getName());
        showCertificate(transport.certificate());
        JsonObject report = look();
        boolean asked = report.get("request").isJsonObject() && ask(report.getAsJsonObject("request"));
        return asked ? look() : report;
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

    /** Asks the endpoint; returns false when the transport does not. */
    private boolean ask(JsonObject about) {
        TransportRequest request = TransportRequest.probe(about);
        try (TransportAnswer answer = transport.probe(request)) {
            if (answer == null) {
                return false;
            }
            HostedSender.Received received = HostedSender.Received.of(answer, request);
            byte[] body = Arrays.copyOf(received.body, Math.min(received.body.length, TOLD));
            JsonObject seen = new JsonObject();
            seen.addProperty("http_status", received.status);
            seen.addProperty("body", Base64.getEncoder().encodeToString(body));
            told.add("answer", seen);
        } catch (IOException failure) {
            told.add("failure", HostedSender.told(request, failure));
        }
        return true;
    }
}
