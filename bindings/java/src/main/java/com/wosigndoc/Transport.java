package com.wosigndoc;

import java.io.IOException;
import java.security.cert.X509Certificate;

/**
 * Sends orders by an HTTP client of the application's own, in place of the library's: where the client certificate
 * cannot leave a store or a smart card, or where the way to the platform needs what the library does not speak.
 * {@link HttpsTransport} is one by Java's own means; another one, such as by Apache HttpClient or OkHttp, is an
 * implementation of {@link #send}. The client that is made with it judges orders, repeats them and reads answers as
 * it does without.
 *
 * <p>An implementation
 * <ul>
 * <li>sends each request once: it follows no redirect, and repeats nothing by itself once a byte of the body was sent
 *     (OkHttp: {@code retryOnConnectionFailure(false)}; Apache: {@code disableAutomaticRetries()}). A body that is
 *     sent anew because a server or a proxy asked who the client is, with a 401 or a 407, is no repeat;
 * <li>verifies the server's certificate and its name, and shows the client certificate;
 * <li>sends the body as it is, with its Content-Length, neither chunked nor compressed;
 * <li>keeps the limits of time of the request, and undoes no compression that it did not ask for;
 * <li>returns every answer, whatever its status, and throws an {@link IOException} when none came: a
 *     {@link java.net.SocketTimeoutException} when time ran out, a {@link NotSentException} when it knows more than
 *     that the body was read. Its message must hold no secret: it goes into the exception that the application meets;
 * <li>may be used from many threads at once.
 * </ul>
 * Whether an order may have arrived is told by its body: as long as nobody has read a byte of it, nothing was sent.
 */
@FunctionalInterface
public interface Transport {
    /**
     * Sends one request, and waits for the answer.
     *
     * @param request what to send
     * @return the answer; it is read, up to a limit, and closed by the caller
     * @throws IOException when no answer came
     */
    TransportAnswer send(TransportRequest request) throws IOException;

    /**
     * Asks the endpoint for nothing, with a GET, so that a preflight sees the connection at work. An implementation of
     * {@link #send} that takes any method returns {@code send(request)}.
     *
     * @param request a GET without a body
     * @return the answer; null, which is the default: the preflight does not ask
     * @throws IOException when no answer came
     */
    default TransportAnswer probe(TransportRequest request) throws IOException {
        return null;
    }

    /**
     * Returns the client certificate that is shown, for {@link WoSignDocClient#about} and the preflight.
     *
     * @return the certificate; null, which is the default: it is not known
     */
    default X509Certificate certificate() {
        return null;
    }
}
