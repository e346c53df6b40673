package com.wosigndoc;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Serves a {@link PushEndpoint} in a servlet container of jakarta.servlet, such as Tomcat 10 and Spring Boot 3.
 * {@link JavaxPushServlet} is for javax.servlet.
 */
public final class PushServlet extends HttpServlet {
    private final transient PushEndpoint endpoint;

    /**
     * Makes a servlet, to be registered with the container by the application.
     *
     * @param endpoint what answers
     */
    public PushServlet(PushEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PushAnswer answer = endpoint.handle(request.getMethod(), request.getInputStream());
        byte[] bytes = answer.bytes();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
