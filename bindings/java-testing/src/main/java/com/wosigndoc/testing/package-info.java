/**
 * Provides a sandbox of the WoSignDoc platform for the tests of an integration: {@link
 * com.wosigndoc.testing.WoSignDocSandbox} is started by a test, driven by it and asked by it, and ends with it. {@link
 * com.wosigndoc.testing.WoSignDocSandboxExtension} does so for JUnit 5.
 */
package com.wosigndoc.testing;
