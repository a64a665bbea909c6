package dev.postern.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.ConfigFileException;
import dev.postern.config.InvalidSettingException;
import dev.postern.config.KnownSettings;
import dev.postern.config.PosternSources;
import dev.postern.config.Settings;
import dev.postern.config.SettingsReader;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps the service from starting is what {@code check} says, in the same words. */
class BadSettingsTest {
    private static final Set<String> KINDS = Set.of("aws", "azure", "env", "file", "gcp", "vault");

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void token() {
        environment.put(
                "POSTERN_TOKEN_FILE", directory.resolve(".postern/token").toString());
    }

    @Test
    void good_settings_start() throws IOException {
        told(Optional.empty()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTERN_CACHE_TLL                    | 3s        | POSTERN_CACHE_TLL: there is no such setting; did you mean POSTERN_CACHE_TTL?",
                "POSTERN_HTTP_HOST                    | 0.0.0.0   | postern.http.host: must be a loopback address, is 0.0.0.0; other addresses are allowed only if client certificates (postern.auth.mtls) are the only method of authentication",
                "POSTERN_HTTP_MANAGEMENT_HOST         | no.invalid | postern.http.management-host: must be an address or a host name that resolves, is no.invalid",
                "POSTERN_HTTP_PORT                    | 70000     | postern.http.port: must be between -1 and 65535, is 70000",
                "POSTERN_HTTP_PORT                    | x         | postern.http.port: must be a whole number",
                "POSTERN_HTTP_HTTPS_PORT              | -1        | postern.http.https-port: must be between 0 and 65535, is -1",
                "POSTERN_HTTP_MANAGEMENT_PORT         | 65536     | postern.http.management-port: must be between 0 and 65535, is 65536",
                "POSTERN_HTTP_MAX_REQUESTS            | 0         | postern.http.max-requests: must be between 1 and 2147483647, is 0",
                "POSTERN_HTTP_MAX_WAITS               | -1        | postern.http.max-waits: must be between 0 and 2147483647, is -1",
                "POSTERN_HTTP_SHUTDOWN_TIMEOUT        | 1h        | postern.http.shutdown-timeout: must be between 0s and 10m, is 1h",
                "POSTERN_COMPATIBLE_AWS_FLAVOUR       | lambda    | postern.compatible.aws.flavour: must be one of agent,lambda-extension",
                "POSTERN_COMPATIBLE_VAULT_ENABLED     | ture      | postern.compatible.vault.enabled: must be true or false",
                "POSTERN_CACHE_TTL                    | 900h      | postern.cache.ttl: must be between 0s and 720h, is 900h",
                "POSTERN_CACHE_TTL                    | soon      | postern.cache.ttl: must be a duration such as 30s",
                "POSTERN_CACHE_TTLS_A                 | -1s       | postern.cache.ttls.A: must be between 0s and 720h, is -1s",
                "POSTERN_CACHE_MAX_STALE              | -1s       | postern.cache.max-stale: must be between 0s and 720h, is -1s",
                "POSTERN_CACHE_MAX_ENTRIES            | 0         | postern.cache.max-entries: must be between 1 and 2147483647, is 0",
                "POSTERN_CACHE_MAX_BYTES              | 10        | postern.cache.max-bytes: must be at least postern.cache.max-entries, is 10",
                "POSTERN_CACHE_MAX_BYTES              | lots      | postern.cache.max-bytes: must be a size such as 16M",
                "POSTERN_CACHE_REFRESH_INTERVAL       | -1s       | postern.cache.refresh-interval: must be between 0s and 720h, is -1s",
                "POSTERN_CACHE_PREFETCH               | nope:x    | postern.cache.prefetch: nope:x: its backend is not enabled",
                "POSTERN_AUDIT_DEADLINE               | 0s        | postern.audit.deadline: must be between 1ms and 10m, is 0s",
                "POSTERN_HTTP_PORT                    | -1        | postern.http.port: must not be -1 without postern.http.socket, because callers with a token could not connect",
                "POSTERN_AUDIT_SINK                   | nowhere   | postern.audit.sink: must be one of file,stdout",
                "POSTERN_AUDIT_SINK                   | file      | postern.audit.file: must be set for postern.audit.sink=file",
                "POSTERN_AUDIT_FILE                   | /tmp/x    | postern.audit.file: requires postern.audit.sink=file",
                "POSTERN_AUDIT_MAX_SIZE               | 1         | postern.audit.max-size: must be between 4096 and 9223372036854775807, is 1",
                "POSTERN_AUDIT_KEEP                   | 0         | postern.audit.keep: must be between 1 and 10000, is 0",
                "POSTERN_AUDIT_FSYNC                  | ture      | postern.audit.fsync: must be true or false",
                "POSTERN_AUDIT_KEY_FILE               | /nope     | postern.audit.key-file: the file does not exist",
                "POSTERN_BACKENDS_ENV_TIMEOUT         | 0s        | postern.backends.env.timeout: must be between 1ms and 10m, is 0s",
                "POSTERN_BACKENDS_ENV_MAX_CONCURRENT  | 0         | postern.backends.env.max-concurrent: must be between 1 and 10000, is 0",
                "POSTERN_BACKENDS_AWS_TTL             | -1s       | postern.backends.aws.ttl: must be between 0s and 720h, is -1s",
                "POSTERN_BACKENDS_EVN_TIMEOUT         | 1s        | postern.backends.evn: there is no backend 'evn'; it must be one of [aws, azure, env, file, gcp, vault]",
                "POSTERN_BACKENDS_MY_VAULT_TIMEOUT    | 1s        | postern.backends.my_vault: there is no backend 'my_vault'; it must be one of [aws, azure, env, file, gcp, vault]",
                "POSTERN_SECRETS_DATABASE_URL         | nope:A    | postern.secrets.DATABASE_URL: there is no backend 'nope'; it must be one of [aws, azure, env, file, gcp, vault]",
                "SECRETS_BACKEND                      | awz       | postern.backend (SECRETS_BACKEND): there is no backend 'awz'; it must be one of [aws, azure, env, file, gcp, vault]",
                "POSTERN_AUTH_TOKEN_FILE_ENABLED      | false     | postern.auth: must enable at least one method of authentication: token-file, pod-token or mtls",
                "POSTERN_TOKEN_FILE                   | /dev/null/x/token | postern.auth.token-file.path: the file cannot be created: its directory must be writable by the user that runs Postern",
            })
    void a_wrong_variable_is_told_alike(String variable, String value, String line) throws IOException {
        environment.put(variable, value);
        told(Optional.empty()).containsExactly(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "files: {a: {path: /tmp/x/y, secrets: {KEY: 'gcp:x'}}}              | postern.files.a.secrets.KEY: its backend is not enabled",
                "files: {a: {path: /tmp/x/y, secrets: {a-b: x}}}                    | postern.files.a.secrets.a-b: the name does not fit the format of the file",
                "files: {a: {path: /tmp/x/y, format: raw, secrets: {A: x, B: y}}}   | postern.files.a.secrets: must name one secret for format raw",
                "files: {a: {path: /tmp/x/y, mode: 999, secrets: {A: x}}}           | postern.files.a.mode: must be octal, such as 0440, is 999",
                "files: {a: {path: /tmp/x/y, secrets: {A: x}, on-change: {signal: HUP}}} | postern.files.a.on-change: signal and pid-file must be set together",
                "files: {a: {path: /tmp/x/y, secrets: {A: x}, on-change: {signal: HUP, pid-file: /tmp/p, command: [x]}}} | postern.files.a.on-change: must have a command or a signal, not both",
                "files: {a: {path: /tmp/x/y, secrets: {A: x}}, b: {path: /tmp/x/y, secrets: {A: x}}} | postern.files.b.path: is also that of postern.files.a",
                "compatible: {aws: {enabled: true, port: 70000}}        | postern.compatible.aws.port: must be between 0 and 65535, is 70000",
                "compatible: {aws: {enabled: true, backend: gcp}}       | postern.compatible.aws.backend: must be an enabled backend, one of [env], is gcp",
                "compatible: {vault: {enabled: true, mounts: {sys: {version: 2}}}}   | postern.compatible.vault.mounts.sys: must be the path of a mount",
                "compatible: {vault: {enabled: true, mounts: {kv: {version: 3}}}}    | postern.compatible.vault.mounts.kv.version: must be between 1 and 2, is 3",
                "compatible: {vault: {enabled: true, mounts: {kv: {backend: gcp}}}}  | postern.compatible.vault.mounts.kv.backend: must be an enabled backend",
                "cach: {ttl: 3s}                          | postern.cach.ttl: there is no such setting; did you mean postern.cache.ttl?",
                "backends: {env: {filee: x}}              | postern.backends.env.filee: there is no such setting; did you mean postern.backends.env.file?",
                "secrets: {A: 'a//b'}                     | postern.secrets.A: ",
                "policy: {r: {callers: [token-file], allow: ['nope:x']}} | postern.policy.r.allow: nope:x: its backend is not enabled",
                "policy: {r: {callers: [somebody], allow: [x]}}          | postern.policy.r.callers: somebody: must be ",
                "policy: {r: {allow: [x]}}                | postern.policy.r.callers: must be set",
                "auth: {pod-token: {enabled: maybe}}      | postern.auth.pod-token.enabled: must be true or false",
            })
    void a_wrong_line_of_the_file_is_told_alike(String yaml, String line) throws IOException {
        told(Optional.of("postern: {" + yaml + "}")).singleElement().asString().startsWith(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: none              | postern.auth.pod-token.mode: must be one of offline,tokenreview",
                "mode: tokenreview, own-token: /nope | postern.auth.pod-token.own-token: the file does not exist",
                "audience: ' '           | postern.auth.pod-token.audience: must not be empty",
                "api-server: kubernetes  | postern.auth.pod-token.api-server: must be an https URL with a host, an optional path and nothing else",
                "api-server: 'http://k'  | postern.auth.pod-token.api-server: must be an https URL with a host, an optional path and nothing else",
                "api-server: 'https://u:canary@h' | postern.auth.pod-token.api-server: must be an https URL with a host, an optional path and nothing else",
                "ca-file: /nope          | postern.auth.pod-token.ca-file: the file must hold certificates in PEM",
                "jwks: /nope, issuer: x  | postern.auth.pod-token.jwks: the file must hold a JSON Web Key Set: it does not exist",
                "jwks: 'ftp://x', issuer: x | postern.auth.pod-token.jwks: must be an https URL with a host, an optional path and nothing else",
                "jwks: 'https://x'       | postern.auth.pod-token.issuer: must be set, because no token of Postern's own names one",
                "timeout: 0s             | postern.auth.pod-token.timeout: must be between 1ms and 10m, is 0s",
                "jwks-refresh: 1ms       | postern.auth.pod-token.jwks-refresh: must be between 1s and 720h, is 1ms",
            })
    void a_wrong_setting_of_pod_tokens_is_told_alike(String yaml, String line) throws IOException {
        told(Optional.of("postern: {auth: {pod-token: {enabled: true, pod-uid: any, " + yaml + "}}}"))
                .containsExactly(line);
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", ","})
    void a_missing_pod_uid_is_not_any_pod(String uid) throws IOException {
        if (uid != null) {
            environment.put("POD_UID", uid);
        }
        told(Optional.of("postern: {auth: {pod-token: {enabled: true}}}"))
                .containsExactly("postern.auth.pod-token.pod-uid (POD_UID): must be the UID of the pod, or \"any\" to"
                        + " accept tokens of every pod");
    }

    @Test
    void every_file_that_certificates_need_is_asked_for() throws IOException {
        told(Optional.of("postern: {auth: {mtls: {enabled: true, bundle: /nope}}}"))
                .containsExactly(
                        "postern.auth.mtls.certificate: must name a file in PEM",
                        "postern.auth.mtls.key: must name a file in PEM");
        told(Optional.of("postern: {auth: {mtls: {enabled: true, certificate: /nope, key: /none, bundle: /never}}}"))
                .containsExactly(
                        "postern.auth.mtls.certificate: the file does not exist",
                        "postern.auth.mtls.key: the file does not exist",
                        "postern.auth.mtls.bundle: the file does not exist");
    }

    @Test
    void a_file_that_is_broken_is_told_alike() throws IOException {
        told(Optional.of("postern: {policy: {a: x}}\npostern: {backend: env}"))
                .containsExactly("the configuration file " + directory.resolve("postern.yaml")
                        + " has the key postern twice at line 2");
    }

    @Test
    void no_setting_that_names_a_file_is_quoted_when_it_holds_the_secret_instead() throws IOException {
        environment.put("POSTERN_AUDIT_KEY_FILE", "canary-key");
        environment.put("POSTERN_AUTH_MTLS_ENABLED", "true");
        environment.put("POSTERN_AUTH_MTLS_CERTIFICATE", "canary-pem");
        environment.put("POSTERN_AUTH_MTLS_KEY", "canary-pem");
        environment.put("POSTERN_AUTH_MTLS_BUNDLE", "canary-pem");
        environment.put("POSTERN_AUTH_TOKEN_FILE_ENABLED", "true");
        environment.put("POSTERN_TOKEN_FILE", "/dev/null/canary-token");
        told(Optional.empty()).hasSize(5).allSatisfy(line -> assertThat(line).doesNotContain("canary"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca-file: canary", "own-token: canary, mode: tokenreview", "jwks: canary, issuer: x"})
    void no_file_of_pod_tokens_is_quoted_when_it_holds_the_secret_instead(String yaml) throws IOException {
        told(Optional.of("postern: {auth: {pod-token: {enabled: true, pod-uid: any, " + yaml + "}}}"))
                .singleElement()
                .asString()
                .doesNotContain("canary");
    }

    /** What a start and {@code check} say, which is the same. */
    private ListAssert<String> told(Optional<String> yaml) throws IOException {
        List<String> atStart = atStart(yaml);
        assertThat(byCheck(yaml)).containsExactlyElementsOf(atStart);
        return assertThat(atStart);
    }

    private List<String> atStart(Optional<String> yaml) throws IOException {
        try {
            SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withSources(sources(yaml));
            KnownSettings.load().groups().forEach(builder::withMapping);
            new SettingsCheck(Settings.of(builder.build()), environment.keySet(), KINDS).refuse();
            return List.of();
        } catch (ConfigValidationException e) {
            return StartFailure.faults(e);
        } catch (ConfigFileException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (InvalidSettingException e) {
            return e.getMessage().lines().toList();
        }
    }

    private List<String> byCheck(Optional<String> yaml) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            CheckReport report = new CheckReport(Optional.empty(), printed, printed);
            List<ConfigSource> sources = sources(yaml);
            SettingsCheck settings = new SettingsCheck(new SettingsReader(sources), environment.keySet(), KINDS);
            SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withSources(sources);
            KnownSettings.load().groups().forEach(builder::withMapping);
            try {
                builder.build();
                report.findings(settings.faults(), settings);
            } catch (ConfigValidationException e) {
                report.failure(e, settings);
            }
        } catch (ConfigFileException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.equals("ok"))
                .map(line -> line.replaceFirst("^fault: ", ""))
                .toList();
    }

    private List<ConfigSource> sources(Optional<String> yaml) throws IOException {
        Optional<ConfigSource> file = Optional.empty();
        if (yaml.isPresent()) {
            file = Optional.of(PosternSources.file(Files.writeString(directory.resolve("postern.yaml"), yaml.get())));
        }
        return PosternSources.all(file, environment);
    }
}
