import com.wosigndoc.FileDeliveryStore;
import com.wosigndoc.JavaxPushServlet;
import com.wosigndoc.PushEndpoint;
import com.wosigndoc.ReceivedPush;
import com.wosigndoc.WoSignDocClient;
import java.nio.file.Path;
import java.nio.file.Paths;
import javax.servlet.ServletContext;
import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;
import javax.servlet.annotation.WebListener;

/**
 * Sends orders and receives signed documents in Tomcat 8 or 9, without Spring. The parameters of the context say where its
 * files are: {@code client} the configuration, {@code contracts} a folder.
 */
// [tomcat]
@WebListener
public class TomcatSite implements ServletContextListener {
    private WoSignDocClient client;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext site = event.getServletContext();
        Path folder = Paths.get(site.getInitParameter("contracts"));
        client = WoSignDocClient.fromFile(Paths.get(site.getInitParameter("client")));
        // For the servlets that send orders.
        site.setAttribute("wosigndoc", client);
        PushEndpoint endpoint = PushEndpoint.builder(push -> keep(folder, push))
                .folder(folder).store(new FileDeliveryStore(folder.resolve("deliveries"))).build();
        // In Tomcat 10 and later: PushServlet, and jakarta.servlet in place of javax.servlet.
        site.addServlet("push", new JavaxPushServlet(endpoint)).addMapping("/push");
    }

    /** When the site is stopped or deployed anew. An endpoint has nothing to be closed. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (client != null) {
            client.close();
        }
    }

    private static void keep(Path folder, ReceivedPush push) {
        if (push.signed()) {
            push.moveTo(folder.resolve(push.sha256() + ".pdf"));
        }
    }
}
// [/tomcat]
