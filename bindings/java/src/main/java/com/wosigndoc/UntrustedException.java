package com.wosigndoc;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Reports that the document or its sender is not who was expected (kind {@code untrusted}). Of a document whose signatures
 * do not prove it ({@code document_untrusted}) there is a report.
 */
public final class UntrustedException extends WoSignDocException {
    UntrustedException(JsonObject document) {
        super(document);
    }

    /**
     * Returns what was found about the document's signatures. The report names people, which the message does not.
     *
     * @return the report; null when something else was not as expected
     */
    public VerificationReport report() {
        return VerificationReport.of(document());
    }

    /**
     * Returns where the document is kept ({@link PushOptions#quarantine}).
     *
     * @return its file; null when it is not kept
     */
    public Path quarantinePath() {
        String path = Json.text(quarantine(), "path", null);
        return path == null ? null : Paths.get(path);
    }

    /**
     * Returns what prevented the document from being kept, such as a folder that is full.
     *
     * @return the failure; null when it is kept, or was not to be
     */
    public WoSignDocException quarantineError() {
        JsonObject error = Json.object(quarantine(), "error");
        return error == null ? null : WoSignDocException.of(0, error);
    }

    private JsonObject quarantine() {
        return Json.objectOrEmpty(document(), "quarantine");
    }
}
