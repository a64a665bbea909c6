package dev.postern.api;

import static dev.postern.api.TlsStand.ask;
import static dev.postern.api.TlsStand.get;
import static dev.postern.caller.mtls.TestAuthority.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.mtls.TestAuthority;
import dev.postern.caller.podtoken.TestIssuer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate and a pod's token in one request. */
@QuarkusTest
@TestProfile(TlsStand.Listeners.class)
@QuarkusTestResource(value = PodTokens.class, restrictToAnnotatedClass = true)
class BothAtOnceHttpTest {
    private static final String WORKLOAD = "spiffe://test.example/ns/ml/sa/trainer";

    private final TestAuthority authority = TestAuthority.named("Clients");

    @Inject
    TlsStand stand;

    @Inject
    CapturedAudit audit;

    @Inject
    MeterRegistry registry;

    private PublicJsonWebKey key;

    @BeforeEach
    void use() throws JoseException {
        stand.use(authority.issue(TlsStand.server()), authority);
        key = PublicJsonWebKey.Factory.newPublicJwk(ConfigProvider.getConfig().getValue(PodTokens.KEY, String.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secrets/EMPTY", "/secrets"})
    void the_certificate_says_who_is_calling(String path) throws IOException {
        String id = "both-" + System.nanoTime();
        double before = authentications("mtls");
        assertThat(answer(path, token(Map.of()), id).status()).isEqualTo(200);
        JsonObject line = audit.of(id).get(0);
        assertThat(line.getString("user.id")).isEqualTo(WORKLOAD);
        assertThat(line.getJsonArray("user.roles")).containsExactly("mtls");
        assertThat(authentications("mtls")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secrets/EMPTY", "/secrets"})
    void a_bad_token_beside_it_is_not_ignored(String path) throws IOException {
        String id = "bad-" + System.nanoTime();
        String expired = token(Map.of("exp", Instant.now().getEpochSecond() - 60));
        assertThat(answer(path, expired, id).status()).isEqualTo(401);
        assertThat(audit.of(id).get(0).getString("event.reason")).isEqualTo("expired");
    }

    private RawHttp.Answer answer(String path, String token, String id) throws IOException {
        TestAuthority.Issued own = authority.issue(request("a").uri(WORKLOAD));
        try (SSLSocket socket = stand.connect(TlsStand.client(own, "TLSv1.3", authority))) {
            return ask(socket, get(path, "Authorization: Bearer " + token, "X-Request-Id: " + id));
        }
    }

    private String token(Map<String, Object> changes) {
        Map<String, Object> claims = new HashMap<>(TestIssuer.claims(Instant.now()));
        claims.putAll(changes);
        return TestIssuer.sign(key, "ES256", claims);
    }

    private double authentications(String method) {
        Counter counter =
                registry.find("postern.authentications").tag("method", method).counter();
        return counter == null ? 0 : counter.count();
    }
}
