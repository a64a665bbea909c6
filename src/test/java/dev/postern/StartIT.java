package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the packaged service starts, and when it refuses to. */
class StartIT {
    @TempDir
    Path home;

    @Test
    void without_any_configuration_it_serves_the_env_file_in_its_directory() throws Exception {
        Files.writeString(home.resolve(".env"), "DATABASE_URL=postgresql://canary-value\n");
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            assertThat(service.get("/secrets/DATABASE_URL").body()).isEqualTo("postgresql://canary-value");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(service.tokenFile())))
                    .isEqualTo("rw-------");
            assertThat(service.err()).contains(service.tokenFile().toString());
            assertThat(service.err() + service.out()).doesNotContain(service.token(), "canary-value");
        }
    }

    @Test
    void standard_output_holds_nothing_but_audit_lines() throws Exception {
        Files.writeString(home.resolve(".env"), "A=canary-value\n");
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            service.get("/secrets/A");
            service.get("/secrets/NOPE");
            assertThat(service.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"@timestamp\":"));
        }
    }

    @Test
    void it_makes_nothing_in_the_shared_directory_that_another_user_could_have_made_first() throws Exception {
        Files.writeString(home.resolve(".env"), "A=b\n");
        Path shared = Files.createDirectory(home.resolve("shared"));
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(shared.resolve("vertx-cache"), elsewhere);
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + shared);
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            assertThat(service.get("/secrets/A").body()).isEqualTo("b");
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    @Test
    void an_env_file_configures_nothing() throws Exception {
        Files.writeString(
                home.resolve(".env"),
                "SECRETS_BACKEND=nope\nPOSTERN_CACHE_TTL=nope\nQUARKUS_LOG_LEVEL=nope\nQUARKUS_HTTP_HOST_ENABLED=true\nA=b\n");
        try (PackagedService service = PackagedService.start(home, Map.of()).listening()) {
            assertThat(service.get("/secrets/SECRETS_BACKEND").body()).isEqualTo("nope");
        }
    }

    @Test
    void the_environment_goes_before_the_configuration_file() throws Exception {
        Files.writeString(home.resolve("postern.yaml"), "postern:\n  backend: nope\n  secrets:\n    ALIAS: env:A\n");
        Files.writeString(home.resolve(".env"), "A=b\n");
        try (PackagedService service =
                PackagedService.start(home, Map.of("SECRETS_BACKEND", "env")).listening()) {
            assertThat(service.get("/secrets/ALIAS").body()).isEqualTo("b");
        }
    }

    @Test
    void a_kubernetes_service_of_our_name_sets_nothing() throws Exception {
        Map<String, String> links = Map.of(
                "POSTERN_HTTP_PORT", "tcp://10.0.0.1:80",
                "POSTERN_HTTP_SERVICE_HOST", "10.0.0.1",
                "POSTERN_HTTP_SERVICE_PORT", "80");
        Files.writeString(home.resolve("postern.yaml"), "postern: {http: {port: 0}}");
        try (PackagedService service = PackagedService.start(home, links).listening()) {
            assertThat(service.port()).isNotEqualTo(80);
        }
    }

    /** Another locale could not give the service such a variable. */
    @Test
    @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8")
    void a_variable_that_the_locale_garbles_is_an_error_that_names_it() throws Exception {
        Map<String, String> environment =
                Map.of("POSTERN_BACKENDS_ENV_NAMES", "DB", "DB", "p\u00e4ssw\u00f6rd", "LC_ALL", "POSIX");
        try (PackagedService service = PackagedService.start(home, environment).listening()) {
            assertThat(service.get("/secrets/DB").statusCode()).isEqualTo(502);
            assertThat(service.err())
                    .contains("environment variable DB is not UTF-8")
                    .doesNotContain("ssw");
        }
    }

    @Test
    void secrets_of_a_directory_are_read_with_one_variable() throws Exception {
        Files.createDirectory(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/db"), "canary-value");
        try (PackagedService service = PackagedService.start(
                        home,
                        Map.of(
                                "SECRETS_BACKEND",
                                "file",
                                "POSTERN_BACKENDS_FILE_DIRECTORY",
                                home.resolve("secrets").toString()))
                .listening()) {
            assertThat(service.get("/secrets/db").body()).isEqualTo("canary-value");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTERN_HTTP_HOST            | 0.0.0.0           | postern.http.host",
                "POSTERN_HTTP_HOST            | 192.0.2.1         | postern.http.host",
                "POSTERN_CACHE_TLL            | 3s                | POSTERN_CACHE_TLL",
                "POSTERN_CACHE_TTL            | soon              | postern.cache.ttl",
                "POSTERN_CACHE_MAX_ENTRIES    | 0                 | postern.cache.max-entries",
                "POSTERN_CACHE_TTL            | 200000d           | postern.cache.ttl",
                "POSTERN_CACHE_REFRESH_INTERVAL | -1s             | postern.cache.refresh-interval",
                "POSTERN_BACKENDS_ENV_TIMEOUT | 0s                | postern.backends.env.timeout",
                "POSTERN_BACKENDS_ENV_MAX_CONCURRENT | 0          | postern.backends.env.max-concurrent",
                "POSTERN_BACKENDS_AWS_TTL     | -1s               | postern.backends.aws.ttl",
                "POSTERN_AUDIT_DEADLINE       | 0s                | postern.audit.deadline",
                "POSTERN_HTTP_MAX_REQUESTS    | 0                 | postern.http.max-requests",
                "POSTERN_HTTP_PORT            | 70000             | postern.http.port",
                "POSTERN_AUDIT_SINK           | nowhere           | postern.audit.sink",
                "POSTERN_AUDIT_SINK           | file              | postern.audit.file",
                "POSTERN_AUDIT_FILE           | /tmp/x            | postern.audit.file",
                "POSTERN_AUDIT_KEY_FILE       | /nope             | postern.audit.key-file",
                "POSTERN_AUTH_TOKEN_FILE_ENABLED | false          | postern.auth",
                "POSTERN_TOKEN_FILE           | /dev/null/x/token | postern.auth.token-file.path",
                "SECRETS_BACKEND              | awz               | SECRETS_BACKEND",
                "SECRETS_BACKEND              | file              | postern.backends.file.directory",
                "POSTERN_BACKENDS_ENV_FILE    | /nope             | postern.backends.env.file",
                "POSTERN_BACKENDS_ENV_NAME    | {nmae}            | postern.backends.env.name",
                "POSTERN_CONFIG               | /nope.yaml        | /nope.yaml",
                "POSTERN_HTTP_HTTPS_PORT      | 70000             | postern.http.https-port",
                "POSTERN_AUTH_MTLS_ENABLED    | true              | postern.auth.mtls.certificate",
                "SECRETS_BACKEND              | aws               | postern.backends.aws.region (AWS_REGION)",
                "SECRETS_BACKEND              | vault             | postern.backends.vault.address (VAULT_ADDR)",
                "SECRETS_BACKEND              | gcp               | postern.backends.gcp.project (GCP_PROJECT_ID",
                "SECRETS_BACKEND              | azure             | postern.backends.azure.vault-url (AZURE_KEY_VAULT_URL)",
            })
    void a_wrong_variable_refuses_to_start_and_is_named(String variable, String value, String named) throws Exception {
        assertRefusal(Map.of(variable, value), named);
    }

    @ParameterizedTest
    @CsvSource({
        "AZURE_KEY_VAULT_URL, http://postern-it.vault.azure.net, postern.backends.azure.vault-url",
        "AZURE_AUTHORITY_HOST, http://127.0.0.1, AZURE_AUTHORITY_HOST",
        "AZURE_CLIENT_SECRET, canary-credential, AZURE_CLIENT_ID is not set"
    })
    void a_wrong_variable_of_azure_refuses_to_start_and_is_named(String variable, String value, String named)
            throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SECRETS_BACKEND", "azure");
        environment.put("AZURE_KEY_VAULT_URL", "https://postern-it.vault.azure.net");
        environment.put(variable, value);
        assertThat(assertRefusal(environment, named)).doesNotContain("canary-credential");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTERN_BACKENDS_GCP_LOCATION  | Europe       | postern.backends.gcp.location",
                "POSTERN_BACKENDS_GCP_ENDPOINT  | nonsense     | postern.backends.gcp.endpoint",
                "GOOGLE_APPLICATION_CREDENTIALS | /nope        | postern.backends.gcp.credentials-file",
                "GOOGLE_APPLICATION_CREDENTIALS | /etc/passwd  | (GOOGLE_APPLICATION_CREDENTIALS): /etc/passwd",
                "GOOGLE_CLOUD_PROJECT           | not-used     | no Google credentials were found",
            })
    void a_wrong_setting_of_googles_refuses_to_start_and_is_named(String variable, String value, String named)
            throws Exception {
        assertRefusal(Map.of("SECRETS_BACKEND", "gcp", "GCP_PROJECT_ID", "ml-workflow-prod", variable, value), named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postern: {cach: {ttl: 3s}}                                                  | postern.cach.ttl",
                "postern: {backends: {evn: {timeout: 3s}}}                                   | postern.backends.evn",
                "postern: {backends: {env: {filee: x}}}                                      | postern.backends.env.filee",
                "postern: {secrets: {A: 'nope:x'}}                                           | postern.secrets.A",
                "postern: {secrets: {A: 'a//b'}}                                             | postern.secrets.A",
                "postern: {policy: {r: {callers: [token-file], allow: ['nope:x']}}}          | postern.policy.r.allow",
                "postern: {policy: {r: {callers: [somebody], allow: [x]}}}                   | postern.policy.r.callers",
                "postern: {policy: {r: {}}}                                                  | postern.policy.r",
                "postern: {policy: }                                                         | postern.policy",
                "postern: {policy: {r: {callers: [token-file], allow: []}}}                  | postern.policy.r.allow",
                "postern: {policy: {r: {allow: [x]}}}                                        |"
                        + " postern.policy.r.callers",
                "postern: {auth: {pod-token: {enabled: maybe}}}                              | postern.auth.pod-token.enabled",
                "postern: {auth: {pod-token: {enabled: true, mode: none}}}                   | postern.auth.pod-token.mode",
                "postern: {auth: {pod-token: {enabled: true, mode: tokenreview}}}            | postern.auth.pod-token.own-token",
                "postern: {auth: {pod-token: {enabled: true, api-server: kubernetes}}}       | postern.auth.pod-token.api-server",
                "postern: {auth: {pod-token: {enabled: true, ca-file: /nope}}}               | postern.auth.pod-token.ca-file",
                "postern: {auth: {pod-token: {enabled: true, jwks: /nope, issuer: x}}}       | postern.auth.pod-token.jwks",
                "postern: {auth: {pod-token: {enabled: true, timeout: 0s}}}                  | postern.auth.pod-token.timeout",
                "postern: [                                                                  | is not YAML",
            })
    void a_wrong_configuration_file_refuses_to_start_and_its_key_is_named(String yaml, String named) throws Exception {
        Files.writeString(home.resolve("postern.yaml"), yaml);
        assertRefusal(Map.of(), named);
    }

    @Test
    void a_token_open_to_others_refuses_to_start() throws Exception {
        Path token = Files.writeString(home.resolve("token"), "canary-value");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        String told = assertRefusal(Map.of("POSTERN_TOKEN_FILE", token.toString()), "chmod 600");
        assertThat(told).doesNotContain("canary-value");
    }

    @Test
    void a_port_in_use_refuses_to_start() throws Exception {
        try (PackagedService first = PackagedService.start(home, Map.of()).listening()) {
            String port = first.err().replaceAll("(?s).*127\\.0\\.0\\.1:([0-9]+).*", "$1");
            Path other = Files.createDirectory(home.resolve("other"));
            try (PackagedService second = PackagedService.start(other, Map.of("POSTERN_HTTP_PORT", port))) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err()).contains("postern.http.port").doesNotContain("\tat ");
            }
        }
    }

    @Test
    void arguments_are_answered_without_a_start() throws Exception {
        try (PackagedService version = PackagedService.start(home, Map.of(), "--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.out()).startsWith("postern ");
        }
        try (PackagedService unknown = PackagedService.start(home, Map.of(), "serve")) {
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err()).contains("unknown argument: serve");
        }
    }

    private String assertRefusal(Map<String, String> environment, String named)
            throws IOException, InterruptedException {
        try (PackagedService service = PackagedService.start(home, new HashMap<>(environment))) {
            assertThat(service.exitCode()).isEqualTo(1);
            assertThat(service.err()).contains(named).doesNotContain("\tat ", "Listening on");
            assertThat(service.out()).isEmpty();
            return service.err();
        }
    }
}
