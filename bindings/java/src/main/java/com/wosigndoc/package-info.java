/**
 * Provides a client of the WoSignDoc e-signing platform. {@link com.wosigndoc.WoSignDocClient} sends orders,
 * {@link com.wosigndoc.PushEndpoint} receives signed documents; both stand on a native library.
 */
package com.wosigndoc;
