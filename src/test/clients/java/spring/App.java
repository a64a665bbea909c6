import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** Prints a property, which Spring Cloud Vault has read. */
@EnableAutoConfiguration
public class App {
    public static void main(String[] arguments) {
        System.out.println("password: "
                + SpringApplication.run(App.class, arguments).getEnvironment().getProperty("PASSWORD"));
    }
}
