package dev.postern.backend.env;

import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.config.FileSetting;
import dev.postern.config.FileSetting.UnusableFileException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import dev.postern.watch.FileWatch;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The {@code env} backend: environment variables allowed by name or prefix, then the contents of a {@code .env} file.
 * It has no versions.
 */
@Singleton
@Identifier("env")
public final class EnvBackend implements SecretBackend {
    private static final Logger LOG = Logger.getLogger(EnvBackend.class);
    private static final String DEFAULT_FILE = ".env";
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final char UNDECODABLE = '\ufffd';

    private final Map<String, String> environment;
    private final boolean utf8;
    private final Set<String> names;
    private final @Nullable String prefix;
    private final FileSetting setting;
    private final Path file;
    private final boolean fileRequired;
    private final AtomicLong revision = new AtomicLong();

    @Inject
    EnvBackend(EnvConfig config, FileWatch watch) {
        this(config, watch, System.getenv(), System.getProperty("sun.jnu.encoding", ""));
    }

    /** @param encoding the encoding with which the JVM decoded the environment */
    EnvBackend(EnvConfig config, FileWatch watch, Map<String, String> environment, String encoding) {
        this.environment = environment;
        this.utf8 = encoding.equalsIgnoreCase("UTF-8");
        this.names = config.names().orElse(Set.of());
        this.prefix = config.prefix().orElse(null);
        this.setting = FileSetting.of("postern.backends.env.file", config.file().orElse(DEFAULT_FILE));
        this.file = setting.path();
        this.fileRequired = config.file().isPresent();
        watch.add(file, revision::incrementAndGet);
    }

    @Override
    public void check() {
        DotEnv dotEnv = load();
        if (!dotEnv.badLines().isEmpty()) {
            LOG.warnf("%s: skipped what cannot be parsed at line %s", file, dotEnv.badLines());
        }
        if (dotEnv.values().isEmpty() && names.isEmpty() && prefix == null) {
            LOG.warnf(
                    "The env backend has no secrets: %s has none, and neither"
                            + " postern.backends.env.names nor postern.backends.env.prefix is set",
                    file);
        }
    }

    @Override
    public Secret read(SecretName name, @Nullable Version version) {
        String variable = environmentValue(name.value());
        String value = variable != null ? variable : load().values().get(name.value());
        if (value == null) {
            throw new SecretNotFoundException("found neither in the environment nor in " + file);
        }
        if (version != null) {
            throw new SecretNotFoundException("the env backend has no versions");
        }
        return new Secret(value.getBytes(StandardCharsets.UTF_8), null, null);
    }

    @Override
    public long revision() {
        return revision.get();
    }

    private @Nullable String environmentValue(String name) {
        boolean allowed = names.contains(name) || (prefix != null && name.startsWith(prefix));
        if (!allowed) {
            return null;
        }
        String value = environment.get(name);
        if (!isExact(name) || (value != null && !isExact(value))) {
            throw new BackendErrorException(
                    "the environment variable " + name + " is not UTF-8, or the locale is not: set LANG=C.UTF-8");
        }
        return value;
    }

    /** Whether the text matches the environment. The JVM replaces bytes that do not fit the locale. */
    private boolean isExact(String text) {
        return text.chars().allMatch(c -> c < 0x80 || (utf8 && c != UNDECODABLE));
    }

    private DotEnv load() {
        try {
            if (!fileRequired && !Files.exists(file)) {
                return DotEnv.parse("", this::environmentValue);
            }
            ByteBuffer bytes = ByteBuffer.wrap(setting.read(MAX_FILE_BYTES));
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return DotEnv.parse(text, this::environmentValue);
        } catch (CharacterCodingException e) {
            throw new BackendErrorException(setting.problem("is not UTF-8"));
        } catch (UnusableFileException e) {
            throw new BackendUnavailableException(e.getMessage(), e);
        }
    }
}
