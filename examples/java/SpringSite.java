import com.wosigndoc.JavaxPushServlet;
import com.wosigndoc.JdbcDeliveryStore;
import com.wosigndoc.PushEndpoint;
import com.wosigndoc.ReceivedPush;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Receives signed documents in a site of Spring Boot 2, and keeps them in its database. */
@Configuration
@EnableAutoConfiguration
public class SpringSite {
    public static void main(String[] args) {
        SpringApplication.run(SpringSite.class, args);
    }

    // [spring]
    @Bean
    public PushEndpoint pushEndpoint(JdbcTemplate db, DataSource database) throws SQLException {
        JdbcDeliveryStore deliveries = new JdbcDeliveryStore(database);
        deliveries.createTable();
        return PushEndpoint.builder(push -> keep(db, push)).store(deliveries).build();
    }

    /** For Spring Boot 3, PushServlet is the same. */
    @Bean
    public ServletRegistrationBean<JavaxPushServlet> pushServlet(PushEndpoint endpoint) {
        return new ServletRegistrationBean<>(new JavaxPushServlet(endpoint), "/push");
    }

    /** May run again for a push that is in the database already, and may run before create() has returned. */
    private static void keep(JdbcTemplate db, ReceivedPush push) {
        String forwards = " WHERE order_number = ? AND state IN ('sending', 'accepted')";
        int changed = push.signed()
                ? db.update("UPDATE contract SET state = 'signed', document = ?" + forwards, push.document(), push.orderNumber())
                : db.update("UPDATE contract SET state = 'failed'" + forwards, push.orderNumber());
        Integer known = db.queryForObject(
                "SELECT COUNT(*) FROM contract WHERE order_number = ?", Integer.class, push.orderNumber());
        if (changed == 0 && known == 0) {
            throw new IllegalStateException("a push of an order that is not ours");
        }
    }
    // [/spring]
}
