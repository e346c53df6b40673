package com.wosigndoc;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Serves a {@link PushEndpoint} in a servlet container of javax.servlet, such as Tomcat 8 and 9 and Spring Boot 2.
 * {@link PushServlet} is for jakarta.servlet.
 */
public final class JavaxPushServlet extends HttpServlet {
    private final transient PushEndpoint endpoint;

    /**
     * Makes a servlet, to be registered with the container by the application.
     *
     * @param endpoint what answers
     */
    public JavaxPushServlet(PushEndpoint endpoint) {
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
