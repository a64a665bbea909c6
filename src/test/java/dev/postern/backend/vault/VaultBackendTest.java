package dev.postern.backend.vault;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.BackendCredentialsException;
import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.backend.TestTls;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Vault's own. */
class VaultBackendTest {
    @TempDir
    Path directory;

    private VaultStand stand;

    @BeforeEach
    void open() throws Exception {
        stand = new VaultStand(directory);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    @Test
    void the_object_is_cut_out_as_it_came() {
        String object = "{\"b\": 1.10, \"a\": {\"data\": \"\u00fc\ud83d\udd11\"}, \"big\": 12345678901234567890123}";
        stand.put("a", object.getBytes(UTF_8));
        Secret secret = read(stand.backend(), "a");
        assertThat(new String(secret.value(), UTF_8)).isEqualTo(object);
        assertThat(secret.createdAt()).isEqualTo(Instant.parse("2026-11-24T00:21:23.167367359Z"));
    }

    @Test
    void version_1_of_the_engine_has_no_versions() {
        stand.server()
                .stubFor(get(urlEqualTo("/v1/secret/app"))
                        .willReturn(VaultStand.json(
                                200, "{\"lease_duration\":2764800,\"data\":{\"A\":\"1\",\"n\":1.10}}")));
        SecretBackend backend =
                VaultStand.backend("address", stand.address(), "auth.token", VaultStand.TOKEN, "kv-version", "1");
        Secret secret = read(backend, "app");
        assertThat(new String(secret.value(), UTF_8)).isEqualTo("{\"A\":\"1\",\"n\":1.10}");
        assertThat(secret.version()).isNull();
        assertThatThrownBy(() -> backend.read(new SecretName("app"), new Version("1")))
                .isInstanceOf(SecretNotFoundException.class);
    }

    @ParameterizedTest
    @CsvSource({"3600, PT1H", "2764800, PT768H", "0,", "-1,", "9223372036854775807, PT87600H", "\"60\","})
    void version_1_of_the_engine_may_say_for_how_long_a_secret_is_good(String lease, Duration lifetime) {
        stand.server()
                .stubFor(get(urlEqualTo("/v1/secret/a"))
                        .willReturn(VaultStand.json(
                                200, "{\"lease_duration\":" + lease + ",\"data\":{\"k\":\"v\",\"ttl\":\"1h\"}}")));
        SecretBackend backend =
                VaultStand.backend("address", stand.address(), "auth.token", VaultStand.TOKEN, "kv-version", "1");
        assertThat(backend.read(new SecretName("a"), null).lifetime()).isEqualTo(lifetime);
    }

    @Test
    void mount_namespace_and_a_trailing_slash_are_as_they_are_set() {
        SecretBackend backend = VaultStand.backend(
                "address",
                stand.address() + "/",
                "auth.token",
                VaultStand.TOKEN,
                "mount",
                "ml-workflow",
                "namespace",
                "team-a");
        assertThatThrownBy(() -> read(backend, "production/config")).isInstanceOf(SecretNotFoundException.class);
        stand.server()
                .verify(getRequestedFor(urlEqualTo("/v1/ml-workflow/data/production/config"))
                        .withHeader("X-Vault-Namespace", equalTo("team-a"))
                        .withHeader("X-Vault-Request", equalTo("true"))
                        .withHeader("X-Vault-Token", equalTo(VaultStand.TOKEN)));
    }

    @Test
    void without_a_namespace_there_is_no_header() {
        assertThatThrownBy(() -> read(stand.backend(), "a")).isInstanceOf(SecretNotFoundException.class);
        stand.server()
                .verify(getRequestedFor(urlEqualTo("/v1/secret/data/a")).withHeader("X-Vault-Namespace", absent()));
    }

    @ParameterizedTest
    @CsvSource({"a b,a%20b", "a?version=1,a%3Fversion%3D1", "a#b,a%23b", "\u00e9/x,%C3%A9/x", "a&b=c,a%26b%3Dc"})
    void a_name_cannot_leave_its_path(String name, String path) {
        assertThatThrownBy(() -> read(stand.backend(), name)).isInstanceOf(SecretNotFoundException.class);
        stand.server().verify(getRequestedFor(urlEqualTo("/v1/secret/data/" + path)));
    }

    @Test
    void deleted_and_destroyed_versions_are_not_found() {
        stand.answer(
                "a",
                VaultStand.json(
                        404,
                        "{\"data\":{\"data\":null,\"metadata\":{\"deletion_time\":\"2026-11-24T00:21:23Z\",\"destroyed\":false,\"version\":2}}}"));
        assertThatThrownBy(() -> read(stand.backend(), "a")).isInstanceOf(SecretNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"data\":{}}",
                "{\"data\":{\"data\":null,\"metadata\":{\"version\":1}}}",
                "{\"data\":{\"data\":{}}}"
            })
    void an_answer_without_a_secret_is_an_error(String body) {
        stand.answer("a", VaultStand.json(200, body));
        assertThatThrownBy(() -> read(stand.backend(), "a")).isInstanceOf(BackendErrorException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "200, dev.postern.backend.BackendDeniedException",
        "403, dev.postern.backend.BackendCredentialsException",
        "503, dev.postern.backend.BackendUnavailableException"
    })
    void permission_denied_is_of_the_secret_only_if_the_token_is_one(int lookup, Class<?> meaning) {
        stand.answer("a", VaultStand.json(403, "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}"));
        stand.server().stubFor(get(urlEqualTo(VaultStand.LOOKUP)).willReturn(VaultStand.json(lookup, "{\"data\":{}}")));
        assertThatThrownBy(() -> read(stand.backend(), "a")).isExactlyInstanceOf(meaning);
    }

    @Test
    void a_certificate_of_ones_own_is_trusted() throws Exception {
        stand.put("a", "{\"k\":\"v\"}".getBytes(UTF_8));
        SecretBackend backend = VaultStand.backend(
                "address",
                stand.tlsAddress(),
                "auth.token",
                VaultStand.TOKEN,
                "ca-file",
                stand.certificate().toString());
        assertThat(new String(read(backend, "a").value(), UTF_8)).isEqualTo("{\"k\":\"v\"}");
    }

    @Test
    void a_token_file_is_read_again_when_it_changes() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "hvs.old\n");
        SecretBackend backend = VaultStand.backend("address", stand.address(), "auth.token-file", file.toString());
        assertThatThrownBy(() -> read(backend, "a")).isInstanceOf(SecretNotFoundException.class);
        Files.writeString(file, "hvs.new\n");
        assertThatThrownBy(() -> read(backend, "a")).isInstanceOf(SecretNotFoundException.class);
        stand.server()
                .verify(getRequestedFor(urlEqualTo("/v1/secret/data/a"))
                        .withHeader("X-Vault-Token", equalTo("hvs.old")));
        stand.server()
                .verify(getRequestedFor(urlEqualTo("/v1/secret/data/a"))
                        .withHeader("X-Vault-Token", equalTo("hvs.new")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "auth.token      | x            | -               | -     | address (VAULT_ADDR)",
                "address         | vault:8200   | auth.token      | x     | address (VAULT_ADDR)",
                "address         | ftp://h      | auth.token      | x     | address (VAULT_ADDR)",
                "address         | http://h     | auth.token      | a b   | auth.token (VAULT_TOKEN)",
                "address         | http://h     | auth.token-file | /nope | auth.token-file",
                "address         | http://h     | auth.method     | approle | auth.secret-id",
                "address         | http://h     | auth.method     | kubernetes | auth.role",
            })
    void an_incomplete_setting_refuses_to_start_and_is_named(
            String first, String firstValue, String second, String secondValue, String named) {
        String[] settings = second == null
                ? new String[] {first, firstValue}
                : new String[] {first, firstValue, second, secondValue};
        assertThatThrownBy(() -> VaultStand.backend(settings))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("postern.backends.vault." + named + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.token-file", "auth.secret-id-file", "auth.jwt-file", "ca-file"})
    void a_secret_in_place_of_its_file_is_not_told(String setting) {
        List<String> settings = new ArrayList<>(List.of("address", "http://127.0.0.1:1", setting, "canary-secret"));
        switch (setting) {
            case "auth.secret-id-file" -> settings.addAll(List.of("auth.method", "approle", "auth.role-id", "r"));
            case "auth.jwt-file" -> settings.addAll(List.of("auth.method", "kubernetes", "auth.role", "r"));
            default -> {}
        }
        assertThatThrownBy(() -> read(VaultStand.backend(settings.toArray(String[]::new)), "a"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("postern.backends.vault." + setting)
                .hasMessageNotContaining("canary");
    }

    @Test
    void a_file_without_certificates_refuses_to_start() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), "");
        assertThatThrownBy(
                        () -> VaultStand.backend("address", "https://h", "auth.token", "x", "ca-file", file.toString()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("postern.backends.vault.ca-file (VAULT_CACERT): ");
    }

    private static Secret read(SecretBackend backend, String name) {
        return backend.read(new SecretName(name), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth/db", "a/auth/b", "sys/x", "data/x", "login", "token", "oauth", "auth/approle/login"})
    void what_is_asked_for_decides_what_a_refusal_means_and_not_its_path(String name) {
        assertThatThrownBy(() -> read(stand.backend(), name)).isInstanceOf(SecretNotFoundException.class);
        stand.answer(name, VaultStand.json(404, "{\"data\":{\"data\":null,\"metadata\":{\"deletion_time\":\"x\"}}}"));
        assertThatThrownBy(() -> read(stand.backend(), name)).isInstanceOf(SecretNotFoundException.class);
        stand.answer(name, VaultStand.json(403, "{\"errors\":[\"permission denied\"]}"));
        assertThatThrownBy(() -> read(stand.backend(), name)).isExactlyInstanceOf(BackendDeniedException.class);
        stand.answer(name, VaultStand.json(400, "{\"errors\":[\"invalid\"]}"));
        assertThatThrownBy(() -> read(stand.backend(), name)).isInstanceOf(BackendErrorException.class);
    }

    @Test
    void an_answer_that_is_too_large_is_an_error_of_that_secret() {
        stand.answer("huge", VaultStand.json(200, "x".repeat((4 << 20) + 1)));
        assertThatThrownBy(() -> read(stand.backend(), "huge"))
                .isInstanceOf(BackendErrorException.class)
                .hasMessageContaining("larger than 4194304 bytes");
    }

    @Test
    void a_version_that_will_be_deleted_is_good_until_then() {
        Instant now = Instant.parse("2026-11-24T00:00:00Z");
        stand.answer(
                "a",
                VaultStand.json(
                        200,
                        VaultStand.answer("{}", 1)
                                .replace("\"deletion_time\":\"\"", "\"deletion_time\":\"2026-11-24T00:00:42Z\"")));
        VaultBackend backend =
                VaultStand.backend(() -> now, "address", stand.address(), "auth.token", VaultStand.TOKEN);
        assertThat(read(backend, "a").lifetime()).isEqualTo(Duration.ofSeconds(42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tools/vault", "/tools/vault/", "/v"})
    void an_address_may_have_a_path(String path) {
        stand.server()
                .stubFor(get(urlEqualTo(path.replaceAll("/$", "") + "/v1/secret/data/a"))
                        .willReturn(VaultStand.json(200, VaultStand.answer("{\"k\":1}", 1))));
        VaultBackend backend = VaultStand.backend("address", stand.address() + path, "auth.token", VaultStand.TOKEN);
        assertThat(new String(read(backend, "a").value(), UTF_8)).isEqualTo("{\"k\":1}");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void a_redirect_to_another_place_is_not_followed_unless_it_is_configured(int status) throws Exception {
        VaultStand active = new VaultStand(Files.createDirectory(directory.resolve("active" + status)));
        try {
            active.put("a", "{\"k\":1}".getBytes(UTF_8));
            stand.answer(
                    "a", VaultStand.json(status, "").withHeader("Location", active.address() + "/v1/secret/data/a"));
            assertThatThrownBy(() -> read(stand.backend(), "a"))
                    .isInstanceOf(BackendErrorException.class)
                    .hasMessageContaining("postern.backends.vault.redirects");
            assertThat(active.reads("a")).isZero();

            VaultBackend allowed = VaultStand.backend(
                    "address", stand.address(), "auth.token", VaultStand.TOKEN, "redirects", active.address());
            assertThat(new String(read(allowed, "a").value(), UTF_8)).isEqualTo("{\"k\":1}");
        } finally {
            active.close();
        }
    }

    @Test
    void a_redirect_within_its_own_address_is_followed() {
        stand.put("b", "{\"k\":1}".getBytes(UTF_8));
        stand.answer("a", VaultStand.json(307, "").withHeader("Location", "/v1/secret/data/b"));
        assertThat(new String(read(stand.backend(), "a").value(), UTF_8)).isEqualTo("{\"k\":1}");
    }

    @Test
    void without_a_token_a_proxy_may_add_one() {
        stand.server()
                .stubFor(get(urlEqualTo(VaultStand.LOOKUP))
                        .withHeader("X-Vault-Token", absent())
                        .willReturn(VaultStand.json(200, "{\"data\":{}}")));
        stand.server()
                .stubFor(get(urlEqualTo("/v1/secret/data/a"))
                        .withHeader("X-Vault-Token", absent())
                        .willReturn(VaultStand.json(200, VaultStand.answer("{\"k\":1}", 1))));
        VaultBackend backend = VaultStand.backend("address", stand.address());
        backend.check();
        assertThat(new String(read(backend, "a").value(), UTF_8)).isEqualTo("{\"k\":1}");
    }

    @Test
    void without_a_token_and_without_such_a_proxy_there_is_no_start() {
        stand.server()
                .stubFor(get(urlEqualTo(VaultStand.LOOKUP))
                        .atPriority(9)
                        .willReturn(VaultStand.json(403, "{\"errors\":[\"missing client token\"]}")));
        assertThatThrownBy(() -> VaultStand.backend("address", stand.address()).check())
                .isInstanceOf(BackendCredentialsException.class)
                .hasMessageContaining("VAULT_TOKEN");
    }

    @Test
    void authorities_are_read_again_when_their_file_changes() throws Exception {
        stand.put("a", "{\"k\":1}".getBytes(UTF_8));
        Path file = directory.resolve("ca.pem");
        Files.copy(TestTls.certificate(TestTls.newKeyStore(Files.createDirectory(directory.resolve("other")))), file);
        VaultBackend backend = VaultStand.backend(
                "address", stand.tlsAddress(), "auth.token", VaultStand.TOKEN, "ca-file", file.toString());
        assertThatThrownBy(() -> read(backend, "a")).isInstanceOf(BackendUnavailableException.class);
        Files.copy(stand.certificate(), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(new String(read(backend, "a").value(), UTF_8)).isEqualTo("{\"k\":1}");
    }
}
