package com.wosigndoc.testing;

import com.google.gson.JsonObject;
import com.wosigndoc.ClientConfig;
import java.nio.file.Path;
import java.nio.file.Paths;

/** What a sandbox told when it was ready. */
abstract class SandboxFacts {
    private final JsonObject told;

    SandboxFacts(JsonObject told) {
        this.told = told;
    }

    /**
     * Returns where orders are sent to.
     *
     * @return an https URL
     */
    public String endpoint() {
        return told("endpoint");
    }

    /**
     * Returns the caller's token.
     *
     * @return the TokenID
     */
    public String tokenid() {
        return told("tokenid");
    }

    /**
     * Returns the template that the sandbox knows.
     *
     * @return its id
     */
    public String tempid() {
        return told("tempid");
    }

    /**
     * Returns what a client needs, for the site under test.
     *
     * @return the configuration
     */
    public ClientConfig configuration() {
        return ClientConfig.fromFile(configurationFile());
    }

    /**
     * Returns the file with {@link #configuration}, for a site that reads a file.
     *
     * @return the path of {@code client.json}
     */
    public Path configurationFile() {
        return Paths.get(told("client"));
    }

    /**
     * Returns the certificate of the CA that the sandbox's server and signers have theirs from.
     *
     * @return the path of {@code ca.pem}
     */
    public Path ca() {
        return Paths.get(told("ca"));
    }

    /**
     * Returns where the control API is, for calls that this class has no method for; its {@code openapi.json} describes it.
     *
     * @return the URL, which ends in a slash
     */
    public String control() {
        return told("control");
    }

    private String told(String name) {
        return told.get(name).getAsString();
    }
}
