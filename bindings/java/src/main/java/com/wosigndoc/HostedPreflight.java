package com.wosigndoc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** Looks at what can be seen of a configuration whose orders a {@link Transport} sends. */
final class HostedPreflight {
    private static final int EXPIRES_SOON_DAYS = 30;
    private static final int WRONG_CERTIFICATE = -80;

    private final Transport transport;
    private final JsonArray checks = new JsonArray();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder textZh = new StringBuilder();
    private boolean ok = true;

    HostedPreflight(Transport transport) {
        this.transport = transport;
    }

    /** Returns the report, in the form of the native library's. */
    JsonObject run(byte[] settings, int limit) {
        try (Attachments none = new Attachments(); HostedOrder order = HostedSender.probe(settings, none, limit)) {
            String endpoint = Json.text(order.about(), "url", "");
            note("configuration", "complete, for " + endpoint, "完整，用于 " + endpoint);
            look(order);
        } catch (WoSignDocException failure) {
            fail("configuration", failure);
        }
        JsonObject report = new JsonObject();
        report.addProperty("ok", ok);
        report.add("checks", checks);
        report.addProperty("text", text.toString());
        report.addProperty("text_zh", textZh.toString());
        return report;
    }

    private void look(HostedOrder order) {
        String name = transport.getClass().getName();
        note("transport", "orders are sent by " + name + "; what the configuration says of identity, roots and proxy"
                + " is not looked at", "订单由 " + name + " 发送；配置中的 identity、roots 和 proxy 不起作用");
        X509Certificate certificate = transport.certificate();
        if (certificate != null) {
            identity(Certified.describe(certificate), certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }
        TransportRequest request = TransportRequest.probe(order);
        try (TransportAnswer answer = transport.probe(request)) {
            if (answer != null) {
                HostedSender.Received received = HostedSender.Received.of(answer, request);
                note("endpoint", "reached", "可连接");
                answered(received);
            }
        } catch (IOException failure) {
            String words = Words.of(failure);
            add("endpoint", Level.ERROR, "a GET got no answer: " + words, "GET 请求没有得到应答：" + words,
                    "check the address, the network, the proxy, the trusted roots and the client certificate",
                    "请检查接口地址、网络、代理、受信任的根证书和客户端证书");
        }
    }

    private void identity(JsonObject facts, Instant from, Instant until) {
        String subject = Json.text(facts, "subject", "");
        String issuer = Json.text(facts, "issuer", "");
        String key = Json.text(facts, "spki_sha256", "");
        note("identity", subject + ", issued by " + issuer + ", public key SHA-256 " + key,
                subject + "，由 " + issuer + " 签发，公钥 SHA-256 为 " + key);
        Instant now = Instant.now();
        long left = Duration.between(now, until).toDays();
        boolean valid = !now.isBefore(from) && !now.isAfter(until);
        Level level = !valid ? Level.ERROR : left < EXPIRES_SOON_DAYS ? Level.WARNING : Level.OK;
        add("expiry", level, "valid from " + from + " until " + until, "有效期自 " + from + " 至 " + until,
                "renew the certificate and register its public key with the platform", "请更新证书并在平台登记其公钥");
    }

    /** Judges the answer to a GET, which the protocol refuses; a platform may first look at the certificate. */
    private void answered(HostedSender.Received received) {
        try {
            WoSignDocClient.answer(received.status, received.body);
        } catch (WoSignDocException refusal) {
            boolean wrong = refusal.code() != null && refusal.code() == WRONG_CERTIFICATE;
            if (wrong || received.status >= 500 || received.status == 401 || received.status == 403) {
                fail("platform", refusal);
                return;
            }
        }
        boolean expected = received.status == 405;
        add("platform", expected ? Level.OK : Level.WARNING,
                "answers HTTP " + received.status + " to a GET, where the protocol says 405",
                "对 GET 应答 HTTP " + received.status + "，协议规定为 405",
                "check that the endpoint is the platform's and not a proxy's", "请确认接口地址是平台而非代理");
    }

    private void note(String check, String message, String messageZh) {
        add(check, Level.OK, message, messageZh, null, null);
    }

    private void fail(String check, WoSignDocException failure) {
        String field = failure.field() == null ? "" : failure.field();
        add(check, Level.ERROR, field.isEmpty() ? failure.messageEn() : field + ": " + failure.messageEn(),
                field.isEmpty() ? failure.messageZh() : field + "：" + failure.messageZh(),
                failure.advice(), failure.adviceZh());
    }

    private void add(String name, Level level, String message, String messageZh, String advice, String adviceZh) {
        boolean good = level == Level.OK;
        JsonObject check = new JsonObject();
        check.addProperty("check", name);
        check.addProperty("ok", level != Level.ERROR);
        check.addProperty("level", level.word);
        check.addProperty("message", message);
        check.addProperty("message_zh", messageZh);
        check.addProperty("advice", good ? null : advice);
        check.addProperty("advice_zh", good ? null : adviceZh);
        checks.add(check);
        ok &= level != Level.ERROR;
        text.append(level.mark).append(name).append(": ").append(message).append('\n')
                .append(good ? "" : "        -> " + advice + "\n");
        textZh.append(level.markZh).append(name).append('：').append(messageZh).append('\n')
                .append(good ? "" : "     -> " + adviceZh + "\n");
    }

    /** Says how serious a finding is. */
    private enum Level {
        OK("ok", "ok      ", "正常 "),
        WARNING("warning", "warning ", "警告 "),
        ERROR("error", "ERROR   ", "错误 ");

        private final String word;
        private final String mark;
        private final String markZh;

        Level(String word, String mark, String markZh) {
            this.word = word;
            this.mark = mark;
            this.markZh = markZh;
        }
    }
}
