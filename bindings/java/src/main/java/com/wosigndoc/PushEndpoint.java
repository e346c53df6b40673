package com.wosigndoc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callback URL of a site, for any framework: a method and a body in, an answer out. It acknowledges a
 * push only when the document arrived whole, its hash held and the site's function returned.
 */
public final class PushEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(PushEndpoint.class);

    private final PushHandler handler;
    private final DeliveryStore store;
    private final PushOptions options;
    private final Path folder;

    private PushEndpoint(Builder builder) {
        handler = builder.handler;
        store = builder.store;
        options = builder.options;
        folder = builder.folder;
    }

    /**
     * Starts an endpoint.
     *
     * @param handler what the site does with a push
     * @return a builder
     */
    public static Builder builder(PushHandler handler) {
        return new Builder(handler);
    }

    /**
     * Handles a request. Never throws: whatever goes wrong is logged and answered.
     *
     * @param method the HTTP method
     * @param body the body, read to its end or to the first fault; the caller closes it
     * @return the answer to send
     */
    public PushAnswer handle(String method, InputStream body) {
        if (!"POST".equals(method)) {
            return new PushAnswer(405, "method_not_allowed");
        }
        Path own = null;
        try {
            // A folder that only this user can enter: the document is nobody else's business.
            own = Files.createTempDirectory(folder, "wosigndoc");
            return deliver(PushReceiver.receive(body, options.toFile(own.resolve("push.pdf"))));
        } catch (WoSignDocException refused) {
            LOG.warn("push refused: {}", refused.getMessage());
            return refusal(refused);
        } catch (IOException error) {
            LOG.error("push not received", error);
            return new PushAnswer(500, "not_received");
        } catch (RuntimeException | Error error) {
            LOG.error("push not processed", error);
            return new PushAnswer(500, "not_processed");
        } finally {
            forget(own);
        }
    }

    private PushAnswer deliver(ReceivedPush push) throws IOException {
        // Without a key no store can tell this push from another: the function is called every time.
        String key = store == null ? null : push.deliveryKey();
        String owner = UUID.randomUUID().toString().replace("-", "");
        DeliveryStore.Claim claim = key == null ? DeliveryStore.Claim.NEW
                : Objects.requireNonNull(store.claim(key, owner), "the delivery store's claim");
        if (claim == DeliveryStore.Claim.BUSY) {
            LOG.info("push of {} is being processed already", id(push));
            return new PushAnswer(503, "in_progress");
        }
        if (claim == DeliveryStore.Claim.NEW) {
            try {
                handler.handle(push);
                if (key != null) {
                    uninterrupted(() -> store.done(key));
                }
            } catch (Throwable failure) {
                if (failure instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                LOG.error("push of {} not stored: the platform will push it again", id(push), failure);
                release(key, owner);
                return new PushAnswer(500, "not_stored");
            }
        }
        LOG.info("push of {} acknowledged{}", id(push),
                claim == DeliveryStore.Claim.DONE ? ", it was processed before" : "");
        return new PushAnswer(200, push.acknowledgement());
    }

    private void release(String key, String owner) {
        if (key == null) {
            return;
        }
        try {
            uninterrupted(() -> store.release(key, owner));
        } catch (IOException expiresByItself) {
            LOG.warn("a claim could not be released", expiresByItself);
        }
    }

    // For the log: the news of a failure may lack the platform's id, and anybody may have sent it.
    private static String id(ReceivedPush push) {
        return Stream.of(push.signid(), push.orderNumber())
                .filter(id -> id != null && !id.isEmpty())
                .map(id -> id.replaceAll("\\p{C}", "?"))
                .findFirst().orElse(null);
    }

    private static PushAnswer refusal(WoSignDocException refused) {
        if (refused instanceof FileException || refused instanceof InternalException
                || refused instanceof NativeLibraryException || refused instanceof InvalidCallException) {
            return new PushAnswer(500, refused.reason());
        }
        return new PushAnswer("push_too_large".equals(refused.reason()) ? 413 : 400, refused.reason());
    }

    private interface StoreCall {
        void run() throws IOException;
    }

    // A function may return with its thread's interrupt set, which would end a store's work half-way: the push
    // is processed, and that has to be noted.
    private static void uninterrupted(StoreCall call) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            call.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // With whatever the function made beside the document.
    private static void forget(Path own) {
        if (own == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(own)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                Files.delete(each);
            }
        } catch (IOException | UncheckedIOException stays) {
            LOG.warn("a temporary folder could not be deleted: {}", own, stays);
        }
    }

    /** Builds a {@link PushEndpoint}. */
    public static final class Builder {
        private final PushHandler handler;
        private DeliveryStore store;
        private PushOptions options = PushOptions.DEFAULT;
        private Path folder = Paths.get(System.getProperty("java.io.tmpdir"));

        private Builder(PushHandler handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        /**
         * Remembers what was processed, so that a push that comes twice reaches the function once. The news
         * of a failure that names no order cannot be told from another, and reaches the function every time.
         *
         * @param deliveries the store
         * @return this builder
         */
        public Builder store(DeliveryStore deliveries) {
            store = deliveries;
            return this;
        }

        /**
         * Limits and expectations.
         *
         * @param pushOptions the options; a file that they name is not used
         * @return this builder
         */
        public Builder options(PushOptions pushOptions) {
            options = pushOptions;
            return this;
        }

        /**
         * Where documents lie until the function has moved them, best on the file system of their final
         * place.
         *
         * @param directory a folder that exists; the system's temporary folder unless set
         * @return this builder
         */
        public Builder folder(Path directory) {
            folder = directory;
            return this;
        }

        /**
         * The endpoint.
         *
         * @return it, to be used by all threads at once
         */
        public PushEndpoint build() {
            return new PushEndpoint(this);
        }
    }
}
