import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers with two properties of {@code configtree:}, which it reads again when its endpoint {@code refresh} is called.
 */
@Configuration
@EnableAutoConfiguration
@RestController
public class App {
    private final Credentials credentials;

    App(Credentials credentials) {
        this.credentials = credentials;
    }

    public static void main(String[] arguments) {
        SpringApplication.run(App.class, arguments);
    }

    @GetMapping("/")
    String both() {
        return credentials.both();
    }

    /** Made anew after a refresh. */
    static class Credentials {
        private final String both;

        Credentials(String both) {
            this.both = both;
        }

        String both() {
            return both;
        }
    }

    @Configuration
    static class Beans {
        @Bean
        @RefreshScope
        Credentials credentials(@Value("${db.user}") String user, @Value("${db.password}") String password) {
            return new Credentials(user + "\n" + password);
        }
    }
}
