import com.wosigndoc.PushAnswer;
import com.wosigndoc.PushEndpoint;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Receives pushes in a controller of Spring Boot 3; the endpoint is a bean as in SpringSite. */
// [spring3]
@RestController
public class PushController {
    private final PushEndpoint endpoint;

    public PushController(PushEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @RequestMapping("/push")
    public void push(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PushAnswer answer = endpoint.handle(request.getMethod(), request.getInputStream());
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.bytes());
    }
}
// [/spring3]
