package com.wosigndoc;

import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers at the callback URL of a site, in any framework: it takes a method and a body, and gives an answer. It
 * acknowledges a push only when the document arrived whole, its hash held, its signatures proved it where that was asked
 * ({@link Builder#verify}), and the site's function returned.
 */
public final class PushEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(PushEndpoint.class);

    private final PushHandler handler;
    private final DeliveryStore store;
    private final PushOptions options;
    private final Spool spool;

    private PushEndpoint(Builder builder) {
        handler = builder.handler;
        store = builder.store;
        options = builder.merged();
        spool = Spool.open(builder.folder);
        if (store instanceof FileDeliveryStore) {
            // Its folder is made now. A database may come later than this program.
            ((FileDeliveryStore) store).check();
        }
        if (options.verifies()) {
            // A root that cannot be read is told now, and not by the first push.
            checkOptions();
        }
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
     * Handles a request. It never throws: whatever goes wrong is logged and answered.
     *
     * @param method the HTTP method
     * @param body the body, read to its end or to the first fault; the caller closes it
     * @return the answer to send
     */
    public PushAnswer handle(String method, InputStream body) {
        if (!"POST".equals(method)) {
            return PushAnswer.refuse(405, "method_not_allowed").header("Allow", "POST");
        }
        try (Spool.Place place = spool.place()) {
            Path file = place.file("push.pdf");
            ReceivedPush push = PushReceiver.receive(body, options.toFile(file));
            if (push.signed()) {
                push.hidden(place.hide(file));
            }
            return deliver(push);
        } catch (WoSignDocException refused) {
            LOG.warn("push refused: {}", refused.getMessage());
            if (refused instanceof UntrustedException) {
                tellOfQuarantine((UntrustedException) refused);
            }
            return PushAnswer.refuse(refused.answerStatus(), refused.reason());
        } catch (Throwable failure) {
            return failed("push not received", null, failure, "receiving_failed");
        }
    }

    /**
     * Makes sure that pushes can be received now, as a readiness check wants to know: that the native library is
     * there, that the folder can be written, that the options are right (with the roots, which are read), and that the
     * delivery store can be used.
     *
     * @throws WoSignDocException when the library, an option or a folder cannot be used
     * @throws Exception what the delivery store throws
     */
    public void check() throws Exception {
        NativeLibraryLoader.ensure();
        spool.check();
        checkOptions();
        if (store != null) {
            store.check();
        }
    }

    private void checkOptions() {
        PushReceiver.open(options.toMemory()).close();
    }

    private static void tellOfQuarantine(UntrustedException refused) {
        if (refused.quarantinePath() != null) {
            LOG.warn("the document is kept as {}", refused.quarantinePath());
        }
        if (refused.quarantineError() != null) {
            LOG.error("the document is not kept: {}", refused.quarantineError().getMessage());
        }
    }

    private PushAnswer deliver(ReceivedPush push) {
        Delivery delivery = new Delivery(store, push.deliveryKey());
        DeliveryStore.Claim claim;
        try {
            claim = delivery.claim();
        } catch (Throwable failure) {
            // It may have thrown after its commit: without a release nobody could claim the push for a while.
            delivery.release();
            return failed("the delivery store failed: push of {} not processed", push, failure, "store_failed");
        }
        switch (claim) {
            case BUSY:
                LOG.info("push of {} is being processed already", id(push));
                return PushAnswer.refuse(503, "busy").header("Retry-After", "5");
            case DONE:
                LOG.info("push of {} acknowledged, it was processed before", id(push));
                return PushAnswer.acknowledge(push.acknowledgement());
            case GRANTED_AGAIN:
                LOG.warn("push of {}: an earlier claim expired, as after its process died: the function may run a second"
                        + " time for this push", id(push));
                return process(push, delivery);
            default:
                return process(push, delivery);
        }
    }

    private PushAnswer process(ReceivedPush push, Delivery delivery) {
        Renewal renewal = delivery.renewal(id(push));
        try {
            handler.handle(push);
        } catch (Throwable failure) {
            delivery.release();
            return failed("push of {} not stored: the platform will push it again", push, failure, "not_stored");
        } finally {
            renewal.close();
        }
        try {
            if (!delivery.complete()) {
                LOG.warn("push of {} took longer than its claim held: another has processed it too", id(push));
            }
        } catch (Throwable failure) {
            delivery.release();
            return failed("the delivery store failed: push of {} not noted", push, failure, "store_failed");
        }
        LOG.info("push of {} acknowledged", id(push));
        return PushAnswer.acknowledge(push.acknowledgement());
    }

    private static PushAnswer failed(String message, ReceivedPush push, Throwable failure, String word) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        LOG.error(message, push == null ? new Object[] {failure} : new Object[] {id(push), failure});
        return PushAnswer.refuse(500, word);
    }

    // For the log: the news of a failure may lack the platform's id, and anybody may have sent it.
    private static String id(ReceivedPush push) {
        return Stream.of(push.signid(), push.orderNumber())
                .filter(id -> id != null && !id.isEmpty())
                .map(id -> id.replaceAll("\\p{C}", "?"))
                .findFirst().orElse(null);
    }

    /** Builds a {@link PushEndpoint}. */
    public static final class Builder {
        private final PushHandler handler;
        private DeliveryStore store;
        private PushOptions options = PushOptions.DEFAULT;
        private VerifyOptions verification;
        private Path quarantine;
        private Integer maxFiles;
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
         * Sets limits and expectations.
         *
         * @param pushOptions the options; a file that they name is not used
         * @return this builder
         */
        public Builder options(PushOptions pushOptions) {
            options = pushOptions;
            return this;
        }

        /**
         * Takes only documents whose signatures prove them. Any other is answered 400, {@code document_untrusted}, and
         * never reaches the function. It replaces what {@link #options} say of it, whichever is called first.
         *
         * @param verifyOptions whom you trust, and what you demand
         * @return this builder
         */
        public Builder verify(VerifyOptions verifyOptions) {
            verification = verifyOptions;
            return this;
        }

        /**
         * Keeps documents that are refused so, with their reports, for a person to look at. What is further than 1000 is
         * refused all the same, and not kept.
         *
         * @param directory a folder, which is made, for this user alone, where it is missing
         * @return this builder
         */
        public Builder quarantine(Path directory) {
            quarantine = directory;
            maxFiles = null;
            return this;
        }

        /**
         * Does the same for another number of documents.
         *
         * @param directory the folder
         * @param files how many documents it holds at most
         * @return this builder
         */
        public Builder quarantine(Path directory, int files) {
            quarantine = directory;
            maxFiles = files;
            return this;
        }

        private PushOptions merged() {
            PushOptions merged = verification == null ? options : options.verify(verification);
            if (quarantine == null) {
                return merged;
            }
            return maxFiles == null ? merged.quarantine(quarantine) : merged.quarantine(quarantine, maxFiles);
        }

        /**
         * Sets where documents lie until the function has stored them, best on the file system of their final
         * place. Each lies in a folder of its own there that only this user can enter. On Windows such folders have the
         * rights of the one above them.
         *
         * @param directory a folder, which is made, for this user alone, where it is missing; the system's temporary
         *     folder unless set
         * @return this builder
         */
        public Builder folder(Path directory) {
            folder = directory;
            return this;
        }

        /**
         * Makes the endpoint. Documents that a killed process left in the folder are removed.
         *
         * @return the endpoint, to be used by all threads at once
         * @throws FileException when the folder, or that of a {@link FileDeliveryStore}, can neither be used nor made
         * @throws InvalidCallException when it is to verify, and an option is wrong or a root cannot be read
         */
        public PushEndpoint build() {
            return new PushEndpoint(this);
        }
    }
}
