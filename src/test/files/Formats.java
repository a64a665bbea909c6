import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.TreeMap;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** Prints what Spring's loaders read from a file of properties or YAML. */
public class Formats {
    public static void main(String[] arguments) throws Exception {
        FileSystemResource file = new FileSystemResource(arguments[0]);
        PropertySource<?> source = (arguments[0].endsWith("yaml")
                        ? new YamlPropertySourceLoader()
                        : new PropertiesPropertySourceLoader())
                .load("file", file)
                .get(0);
        TreeMap<String, Object> values = new TreeMap<>();
        for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
            values.put(name, String.valueOf(source.getProperty(name)));
        }
        new PrintStream(System.out, true, "UTF-8").println(new ObjectMapper().writeValueAsString(values));
    }
}
