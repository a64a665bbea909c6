package dev.postern.config;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The configuration file: the one that {@code $POSTERN_CONFIG} names, else {@code ./postern.yaml}, else
 * {@code /etc/postern/postern.yaml}, else none.
 *
 * @param path the absolute path
 */
record ConfigFile(Path path) {
    /** Conventionally names an empty file, which disables the search for others. */
    private static final Path NOTHING = Path.of("/dev/null");

    /** The variable that names the file. */
    static final String VARIABLE = "POSTERN_CONFIG";

    /** Above the service's own defaults (250), below environment variables (300). */
    private static final int ORDINAL = 270;

    private static final List<Path> PLACES = List.of(Path.of("postern.yaml"), Path.of("/etc/postern/postern.yaml"));
    private static final String SOURCE_NAME = "configuration file ";

    /** Finds the file, if there is one. A file named by the variable need not exist. */
    static Optional<ConfigFile> find() {
        String named = System.getenv(VARIABLE);
        Optional<Path> file = named == null || named.isBlank()
                ? PLACES.stream().filter(Files::isRegularFile).findFirst()
                : Optional.of(Path.of(named));
        return file.map(path -> new ConfigFile(path.toAbsolutePath()));
    }

    /** The file from which {@code source} was read, or null if it is another kind of source. */
    static @Nullable ConfigFile of(ConfigSource source) {
        return source.getName().startsWith(SOURCE_NAME)
                ? new ConfigFile(Path.of(source.getName().substring(SOURCE_NAME.length())))
                : null;
    }

    /**
     * Reads the settings in the file.
     *
     * @throws ConfigFileException if it cannot be read; the message names the file, and the line of a syntax error
     */
    ConfigSource read() {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path) && !path.equals(NOTHING)) {
                throw new ConfigFileException("is not a regular file");
            }
            String text = Files.readString(path);
            Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            if (root != null) {
                YamlRules.check(root);
            }
            return new YamlConfigSource(SOURCE_NAME + path, text, ORDINAL);
        } catch (MalformedInputException e) {
            throw unusable("is not UTF-8");
        } catch (IOException e) {
            throw unusable(FileSetting.reason(e));
        } catch (MarkedYAMLException e) {
            throw unusable(
                    "is not YAML: line " + (e.getProblemMark().getLine() + 1) + ": " + inPlainWords(e.getProblem()));
        } catch (YAMLException e) {
            throw unusable("is not YAML");
        } catch (ConfigFileException e) {
            throw unusable(e.getMessage());
        }
    }

    /** The parser describes its own state where a person has most often indented a line wrongly. */
    private static String inPlainWords(String problem) {
        if (problem.startsWith("expected <block end>")) {
            return "it does not continue the block above; often its indentation is wrong";
        }
        return problem.startsWith("mapping values are not allowed")
                ? "no key may stand here; often the indentation is wrong, or a value with a colon needs quotes"
                : problem;
    }

    private ConfigFileException unusable(@Nullable String what) {
        return new ConfigFileException("the configuration file " + path + " " + what);
    }
}
