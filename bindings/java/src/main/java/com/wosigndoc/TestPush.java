package com.wosigndoc;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * Makes pushes such as the platform's, for a site's own tests: without a network, and real for everything that
 * receives them. Nothing signs the document: for an endpoint that verifies, give one that your sandbox has signed, and
 * trust the sandbox's {@code ca.pem}; {@link VerifyOptions.Builder#at} keeps it valid when its certificates have expired.
 */
public final class TestPush {
    private final JsonObject push = new JsonObject();
    private final JsonObject data = new JsonObject();

    private TestPush(int status, String errorCode, String orderNumber) {
        push.addProperty("actiontype", "PushSignedDoc");
        push.addProperty("status", status);
        push.addProperty("errorcode", errorCode);
        push.add("extendData", data);
        data.addProperty("signid", "TEST-" + orderNumber);
        data.addProperty("ordernumber", orderNumber);
    }

    /**
     * Makes the push of a signed document.
     *
     * @param orderNumber your number of the contract
     * @param document the document's bytes, such as those of a contract that your sandbox has signed
     * @return the push
     */
    public static TestPush signed(String orderNumber, byte[] document) {
        TestPush made = new TestPush(1, "0", orderNumber);
        made.data.addProperty("content", Base64.getEncoder().encodeToString(document));
        made.data.addProperty("hash", sha256(document));
        return made;
    }

    /**
     * Makes the news that an order failed.
     *
     * @param orderNumber your number of the contract
     * @param codes the platform's codes, such as -50
     * @return the push
     */
    public static TestPush failed(String orderNumber, int... codes) {
        String joined = Arrays.stream(codes).mapToObj(Integer::toString).collect(Collectors.joining("&"));
        return new TestPush(0, joined, orderNumber);
    }

    /**
     * Sets the platform's id of the order, {@code TEST-} and the order's number otherwise.
     *
     * @param signid the id
     * @return this push
     */
    public TestPush signid(String signid) {
        data.addProperty("signid", signid);
        return this;
    }

    /**
     * Returns what the platform would post.
     *
     * @return the request's body
     */
    public byte[] body() {
        return Json.bytes(push.toString());
    }

    /**
     * Posts the push to an endpoint.
     *
     * @param endpoint the endpoint under test
     * @return its answer
     */
    public PushAnswer postTo(PushEndpoint endpoint) {
        return endpoint.handle("POST", new ByteArrayInputStream(body()));
    }

    /**
     * Receives the push, for a function under test that takes one. The document is in memory: where the function
     * uses {@link ReceivedPush#path}, take {@link #receivedInto}.
     *
     * @return the push as the function gets it
     */
    public ReceivedPush received() {
        return received(PushOptions.DEFAULT);
    }

    /**
     * Receives the push by options, such as for a function that reads {@link ReceivedPush#report}.
     *
     * @param options those of the endpoint
     * @return the push as the function gets it
     * @throws UntrustedException when the options verify, and the document does not prove itself
     */
    public ReceivedPush received(PushOptions options) {
        return PushReceiver.receive(body(), options);
    }

    /**
     * Receives the push into a file, as an endpoint does before it calls the function.
     *
     * @param file the file, in a folder of the test's own
     * @return the push as the function gets it
     */
    public ReceivedPush receivedInto(Path file) {
        return received(PushOptions.DEFAULT.toFile(file));
    }

    private static String sha256(byte[] bytes) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte each : MessageDigest.getInstance("SHA-256").digest(bytes)) {
                hex.append(String.format("%02x", each));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
