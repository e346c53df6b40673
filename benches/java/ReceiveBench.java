import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.wosigndoc.PushOptions;
import com.wosigndoc.PushReceiver;
import com.wosigndoc.ReceivedPush;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Random;

/**
 * Receiving a document of 10 MB: this package against Jackson + Base64 + MessageDigest. Each round times
 * every way on a body of its own (four bodies take turns), the best of eleven rounds counts.
 */
public final class ReceiveBench {
    private static final int SIZE = 10_000_000;
    private static final int ROUNDS = 11;
    private static final ObjectMapper JACKSON = new ObjectMapper(JsonFactory.builder().streamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build());

    private interface Way {
        long receive(int body) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        byte[][] bodies = new byte[4][];
        ByteBuffer[] direct = new ByteBuffer[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = body(i);
            direct[i] = ByteBuffer.allocateDirect(bodies[i].length).put(bodies[i]);
            direct[i].flip();
        }
        ByteBuffer target = ByteBuffer.allocateDirect(SIZE);
        Way[] ways = {
            i -> jackson(bodies[i]),
            i -> {
                target.clear();
                return PushReceiver.receive(direct[i].duplicate(), target, PushOptions.DEFAULT).length();
            },
            i -> {
                ReceivedPush push = PushReceiver.receive(bodies[i], PushOptions.DEFAULT);
                return push.document().length;
            },
        };
        double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
        for (int round = -4; round < ROUNDS; round++) {
            for (int way = 0; way < ways.length; way++) {
                long start = System.nanoTime();
                if (ways[way].receive((round + 4) % bodies.length) != SIZE) {
                    throw new AssertionError("not the whole document");
                }
                double ms = (System.nanoTime() - start) / 1e6;
                best[way] = round < 0 ? best[way] : Math.min(best[way], ms);
            }
        }
        System.out.printf("java: receive 10 MB   Jackson + Base64 + MessageDigest  %7.2f ms%n", best[0]);
        boolean reached = report("direct ByteBuffer", best[1], best[0] / best[1], 3.5)
                & report("byte[]", best[2], best[0] / best[2], 2.2);
        System.exit(reached ? 0 : 1);
    }

    private static boolean report(String way, double ms, double ratio, double target) {
        System.out.printf("java: receive 10 MB   %-33s %7.2f ms   %.2f times as fast, target %.1f: %s%n",
                way, ms, ratio, target, ratio >= target ? "reached" : "MISSED");
        return ratio >= target;
    }

    private static long jackson(byte[] body) throws Exception {
        JsonNode data = JACKSON.readTree(body).get("extendData");
        byte[] document = Base64.getDecoder().decode(data.get("content").asText());
        String hash = hex(MessageDigest.getInstance("SHA-256").digest(document));
        if (!hash.equals(data.get("hash").asText())) {
            throw new AssertionError("hash");
        }
        return document.length;
    }

    private static byte[] body(int seed) throws Exception {
        byte[] document = new byte[SIZE];
        new Random(seed).nextBytes(document);
        return ("{\"actiontype\":\"PushSignedDoc\",\"status\":1,\"errorcode\":\"0\",\"extendData\":{\"signid\":\"s\","
                + "\"ordernumber\":\"n\",\"content\":\"" + Base64.getEncoder().encodeToString(document) + "\",\"hash\":\""
                + hex(MessageDigest.getInstance("SHA-256").digest(document)) + "\"}}").getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes) {
            hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return hex.toString();
    }
}
