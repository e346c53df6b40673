package com.wosigndoc;

/** Does what a site does with a push. */
@FunctionalInterface
public interface PushHandler {
    /**
     * Stores the document, in a folder by {@link ReceivedPush#moveTo} or in a database by
     * {@link ReceivedPush#document}, or notes that the order failed. The push is acknowledged when this returns; when
     * it throws, the platform pushes again later. The file in {@link ReceivedPush#path()} is deleted afterwards.
     *
     * <p>It may run again for a push that it has stored, as when its process died before that was noted: let it do
     * the same again.
     *
     * <p>What it throws is logged with its message: let that name nobody.
     *
     * @param push the push, whole and with a hash that held; {@link ReceivedPush#report} says whose signatures prove it
     * @throws Exception when it could not be stored
     */
    void handle(ReceivedPush push) throws Exception;
}
