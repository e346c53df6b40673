package com.wosigndoc;

/** Does what a site does with a push. */
@FunctionalInterface
public interface PushHandler {
    /**
     * Stores the document, or notes that the order failed. The push is acknowledged when this returns; when
     * it throws, the platform pushes again later. The file in {@link ReceivedPush#path()} is deleted
     * afterwards: move it to its place with {@link ReceivedPush#moveTo}, or copy it.
     *
     * @param push the push, verified
     * @throws Exception when it could not be stored
     */
    void handle(ReceivedPush push) throws Exception;
}
