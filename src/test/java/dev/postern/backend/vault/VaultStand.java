package dev.postern.backend.vault;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.postern.backend.BackendContract;
import dev.postern.backend.BackendContract.Fault;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import dev.postern.backend.TestTls;
import dev.postern.net.ProxyVariables;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Speaks the protocol of Vault's KV engine, version 2. */
public final class VaultStand implements BackendContract.Stand {
    public static final String TOKEN = "hvs." + BackendContract.CANARY_CREDENTIAL;

    /** A token that is one can look itself up. */
    static final String LOOKUP = "/v1/auth/token/lookup-self";

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final WireMockServer server;
    private final Path keyStore;
    private final Map<String, Integer> versions = new HashMap<>();
    private SecretBackend backend;

    public VaultStand(Path directory) throws Exception {
        keyStore = TestTls.keyStore(directory);
        server = new WireMockServer(TestTls.server(keyStore).httpDisabled(false).dynamicPort());
        server.start();
        server.stubFor(any(anyUrl()).atPriority(10).willReturn(json(404, "{\"errors\":[]}")));
        server.stubFor(get(urlEqualTo(LOOKUP)).atPriority(9).willReturn(json(403, "{\"errors\":[\"invalid token\"]}")));
        server.stubFor(get(urlEqualTo(LOOKUP))
                .withHeader("X-Vault-Token", equalTo(TOKEN))
                .willReturn(json(200, "{\"data\":{\"policies\":[\"default\"],\"ttl\":3600}}")));
        backend = backend("address", address(), "auth.token", TOKEN);
    }

    static VaultBackend backend(String... settings) {
        return backend(InstantSource.system(), settings);
    }

    static VaultBackend backend(InstantSource clock, String... settings) {
        return new VaultBackend(TestVaultConfig.of(settings), TIMEOUT, clock, TestProxy.NONE);
    }

    WireMockServer server() {
        return server;
    }

    public String address() {
        return "http://127.0.0.1:" + server.port();
    }

    String tlsAddress() {
        return "https://localhost:" + server.httpsPort();
    }

    Path certificate() throws Exception {
        return TestTls.certificate(keyStore);
    }

    @Override
    public SecretBackend backend() {
        return backend;
    }

    @Override
    public SecretBackend at(String host, ProxyVariables proxies) {
        String url = "http://" + host + ":" + server.port();
        VaultBackend there = new VaultBackend(
                TestVaultConfig.of("address", url, "auth.token", TOKEN), TIMEOUT, InstantSource.system(), proxies);
        there.check();
        return there;
    }

    @Override
    public boolean holdsOnlyObjects() {
        return true;
    }

    @Override
    public boolean holdsBinary() {
        return false;
    }

    @Override
    public boolean holdsEmpty() {
        return false;
    }

    @Override
    public boolean can(Fault fault) {
        return fault != Fault.CHECKSUM_MISMATCH;
    }

    @Override
    public String put(String name, byte[] value) {
        return put("secret", name, value);
    }

    /** Makes the engine at {@code mount} hold {@code value}. */
    public String put(String mount, String name, byte[] value) {
        int version = versions.merge(mount + "/" + name, 1, Integer::sum);
        String answer = answer(new String(value, StandardCharsets.UTF_8), version);
        String path = "/v1/" + mount + "/data/" + name;
        server.stubFor(get(urlEqualTo(path))
                .withHeader("X-Vault-Token", equalTo(TOKEN))
                .willReturn(json(200, answer)));
        server.stubFor(get(urlEqualTo(path + "?version=" + version))
                .withHeader("X-Vault-Token", equalTo(TOKEN))
                .willReturn(json(200, answer)));
        return Integer.toString(version);
    }

    static String answer(String data, int version) {
        return "{\"request_id\":\"d1294ca3\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":{\"data\":"
                + data + ",\"metadata\":{\"created_time\":\"2026-11-24T00:21:23.167367359Z\",\"custom_metadata\":null,"
                + "\"deletion_time\":\"\",\"destroyed\":false,\"version\":" + version
                + "}},\"wrap_info\":null,\"warnings\":null,\"auth\":null,\"mount_type\":\"kv\"}";
    }

    @Override
    public void fail(String name, Fault fault) throws Exception {
        switch (fault) {
            case ACCESS_DENIED ->
                answer(name, json(403, "{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}"));
            case DELETED ->
                answer(
                        name,
                        json(
                                404,
                                "{\"data\":{\"data\":null,\"metadata\":{\"created_time\":\"2026-11-24T00:21:23.167367359Z\","
                                        + "\"deletion_time\":\"2026-11-24T00:22:08.123456789Z\",\"destroyed\":false,"
                                        + "\"version\":1}}}"));
            case BAD_CREDENTIALS -> {
                server.stubFor(get(urlEqualTo(LOOKUP)).atPriority(1).willReturn(json(403, "{\"errors\":[]}")));
                answer(
                        name,
                        json(
                                403,
                                "{\"errors\":[\"2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n\"]}"));
            }
            case THROTTLED ->
                answer(
                        name,
                        json(429, "{\"errors\":[\"rate limit quota exceeded\"]}")
                                .withHeader("Retry-After", "7"));
            case SERVER_ERROR -> answer(name, json(500, "{\"errors\":[\"internal error\"]}"));
            case SERVER_UNAVAILABLE -> answer(name, json(503, "{\"errors\":[\"Vault is sealed\"]}"));
            case TIMEOUT -> answer(name, json(200, "{}").withFixedDelay(5000));
            case CONNECTION_RESET ->
                answer(
                        name,
                        aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER));
            case MALFORMED -> answer(name, json(200, "{\"data\": " + BackendContract.CANARY));
            case EMPTY_ANSWER -> answer(name, json(200, ""));
            case CONNECTION_REFUSED -> backend = backend("address", "http://127.0.0.1:1", "auth.token", TOKEN);
            case TLS_UNTRUSTED -> backend = backend("address", tlsAddress(), "auth.token", TOKEN);
            case FOREIGN_404 -> answer(name, aResponse().withStatus(404).withBody("<html>Not Found</html>"));
            case TOO_LARGE -> answer(name, json(200, BackendContract.LARGE));
            case CHECKSUM_MISMATCH -> throw new IllegalArgumentException("Vault has no checksums");
        }
    }

    void answer(String name, ResponseDefinitionBuilder answer) {
        server.stubFor(
                get(urlPathEqualTo("/v1/secret/data/" + name)).atPriority(1).willReturn(answer));
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    @Override
    public int reads(String name) {
        return server.countRequestsMatching(getRequestedFor(urlPathEqualTo("/v1/secret/data/" + name))
                        .build())
                .getCount();
    }

    @Override
    public void close() {
        server.stop();
    }
}
