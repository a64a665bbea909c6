package dev.postern.caller.podtoken;

import static dev.postern.caller.podtoken.Outcomes.assertRefused;
import static dev.postern.caller.podtoken.Outcomes.caller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.caller.Caller;
import dev.postern.caller.HeardCredentials;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are judged with keys in a file. */
class OfflineTokenTest {
    private static final PublicJsonWebKey RSA = TestIssuer.key("rsa", "RS256");
    private static final PublicJsonWebKey EC = TestIssuer.key("ec", "ES256");
    /** Keys of somebody else, under the same names. */
    private static final PublicJsonWebKey OTHER_RSA = TestIssuer.key("rsa", "RS256");

    private static final PublicJsonWebKey OTHER_EC = TestIssuer.key("other-ec", "ES256");

    private static final Caller TRAINER = new Caller(TestIssuer.TRAINER, "pod-token");

    @TempDir
    Path directory;

    private final FakeTime time = new FakeTime();
    private final FileWatch watch = new FileWatch();
    private final HeardCredentials events = new HeardCredentials();
    private Path jwks;
    private PodTokenMethod method;
    private PodTokens tokens;

    @BeforeEach
    void start() throws IOException {
        jwks = directory.resolve("jwks.json");
        publish(RSA, EC);
        start(settings());
    }

    private void start(Settings settings) {
        method = new PodTokenMethod(settings, watch, time, time, Duration.ofMillis(1), events);
        tokens = method.tokens();
    }

    private Settings settings() {
        Settings settings = new Settings();
        settings.issuer = TestIssuer.ISSUER;
        settings.jwks = jwks.toString();
        return settings;
    }

    private void publish(PublicJsonWebKey... keys) throws IOException {
        Files.writeString(jwks, new TestIssuer().publish(keys).jwks());
    }

    @AfterEach
    void stop() {
        method.close();
        watch.close();
    }

    private Map<String, Object> claims() {
        return TestIssuer.claims(time.instant());
    }

    private String good() {
        return TestIssuer.sign(RSA, "RS256", claims());
    }

    @Test
    void a_good_token_is_its_service_account() {
        assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        assertThat(caller(tokens, TestIssuer.sign(EC, "ES256", claims()))).isEqualTo(TRAINER);
    }

    @Test
    void other_keys_are_reported_once_and_the_same_ones_are_not() throws IOException {
        await().until(() -> method.keys().current() != null);
        publish(RSA, EC, OTHER_EC);
        method.keys().fetch().join();
        method.keys().fetch().join();
        publish(OTHER_EC, EC, RSA);
        method.keys().fetch().join();
        assertThat(events.heard()).singleElement().asString().matches("jwks [0-9a-f]{64} -> [0-9a-f]{64}");
    }

    @Test
    void keys_that_are_not_used_are_reported_once() throws IOException {
        await().until(() -> method.keys().current() != null);
        Files.writeString(jwks, "{}");
        for (int i = 0; i < 2; i++) {
            assertThat(method.keys().fetch()).failsWithin(Duration.ofSeconds(10));
        }
        assertThat(events.heard()).containsExactly("jwks refused: unusable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void these_algorithms_are_accepted(String algorithm) throws IOException {
        PublicJsonWebKey key = TestIssuer.key("key", algorithm);
        publish(key);
        assertThat(caller(tokens, TestIssuer.sign(key, algorithm, claims()))).isEqualTo(TRAINER);
    }

    static Stream<Arguments> wrong() {
        long now = new FakeTime().instant().getEpochSecond();
        return Stream.of(
                Arguments.of("iss", "https://other.example", "issuer"),
                Arguments.of("iss", null, "issuer"),
                Arguments.of("iss", 1, "malformed"),
                Arguments.of("aud", List.of("vault"), "audience"),
                Arguments.of("aud", List.of(), "audience"),
                Arguments.of("aud", "postern2", "audience"),
                Arguments.of("aud", null, "audience"),
                Arguments.of("aud", Map.of("postern", 1), "malformed"),
                Arguments.of("exp", now - 30, "expired"),
                Arguments.of("exp", 0, "expired"),
                Arguments.of("exp", -1L << 62, "expired"),
                Arguments.of("exp", null, "malformed"),
                Arguments.of("exp", "never", "malformed"),
                Arguments.of("nbf", now + 31, "not-yet-valid"),
                Arguments.of("nbf", "soon", "malformed"),
                Arguments.of("sub", null, "subject"),
                Arguments.of("sub", "system:serviceaccount:ml:other", "subject"),
                Arguments.of("sub", "system:serviceaccount:other:trainer", "subject"),
                Arguments.of("sub", "system:serviceaccount:ml:trainer:x", "subject"),
                Arguments.of("sub", "system:serviceaccount:ml:", "subject"),
                Arguments.of("sub", "system:serviceaccount:ml:trainer\n", "subject"),
                Arguments.of("sub", "system:node:ml", "subject"),
                Arguments.of("sub", "token-file", "subject"),
                Arguments.of("sub", "spiffe://cluster.local/ns/ml/sa/trainer", "subject"),
                Arguments.of("kubernetes.io", null, "subject"),
                Arguments.of("kubernetes.io", "x", "subject"),
                Arguments.of("kubernetes.io", bound("other", "trainer", TestIssuer.POD_UID), "subject"),
                Arguments.of("kubernetes.io", bound("ml", "other", TestIssuer.POD_UID), "subject"),
                Arguments.of("kubernetes.io", bound("ml", "trainer", "another"), "pod-uid"),
                Arguments.of("kubernetes.io", bound("ml", "trainer", ""), "pod-uid"),
                Arguments.of(
                        "kubernetes.io",
                        Map.of("namespace", "ml", "serviceaccount", Map.of("name", "trainer")),
                        "pod-uid"));
    }

    private static Map<String, Object> bound(String namespace, String name, String podUid) {
        return Map.of(
                "namespace", namespace,
                "serviceaccount", Map.of("name", name),
                "pod", Map.of("uid", podUid));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_claim_is_refused(String claim, Object value, String reason) {
        Map<String, Object> claims = claims();
        if (value == null) {
            claims.remove(claim);
        } else {
            claims.put(claim, value);
        }
        assertRefused(tokens, TestIssuer.sign(RSA, "RS256", claims), reason);
    }

    @Test
    void clocks_may_differ_by_half_a_minute() {
        long now = time.instant().getEpochSecond();
        Map<String, Object> late = claims();
        late.put("iat", now - 3600);
        late.put("nbf", now - 3600);
        late.put("exp", now - 29);
        assertThat(caller(tokens, TestIssuer.sign(RSA, "RS256", late))).isEqualTo(TRAINER);
        Map<String, Object> early = claims();
        early.put("nbf", now + 30);
        assertThat(caller(tokens, TestIssuer.sign(RSA, "RS256", early))).isEqualTo(TRAINER);
    }

    @Test
    void a_token_that_ends_before_it_begins_is_malformed() {
        Map<String, Object> claims = claims();
        claims.put("nbf", time.instant().getEpochSecond());
        claims.put("exp", time.instant().getEpochSecond() - 1);
        assertRefused(tokens, TestIssuer.sign(RSA, "RS256", claims), "malformed");
    }

    @Test
    void an_audience_may_be_a_word_or_one_of_several() {
        for (Object audience : List.of("postern", List.of("vault", "postern"))) {
            Map<String, Object> claims = claims();
            claims.put("aud", audience);
            assertThat(caller(tokens, TestIssuer.sign(RSA, "RS256", claims))).isEqualTo(TRAINER);
        }
    }

    @Test
    void any_pod_may_call_where_that_is_written_down() {
        method.close();
        Settings settings = settings();
        settings.podUid = "any";
        start(settings);
        Map<String, Object> claims = claims();
        claims.put("kubernetes.io", bound("ml", "trainer", "another"));
        assertThat(caller(tokens, TestIssuer.sign(RSA, "RS256", claims))).isEqualTo(TRAINER);
    }

    @Test
    void an_unsigned_token_is_refused() {
        String unsigned = encode("{\"alg\":\"none\",\"kid\":\"rsa\"}") + "." + good().split("\\.", -1)[1] + ".";
        assertRefused(tokens, unsigned, "algorithm");
        assertRefused(tokens, unsigned.replace(encode("{\"alg\":\"none\""), encode("{\"alg\":\"None\"")), "algorithm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void the_public_key_is_no_shared_secret(String algorithm) {
        for (byte[] secret : List.of(
                RSA.getPublicKey().getEncoded(),
                pem(RSA.getPublicKey().getEncoded()).getBytes(StandardCharsets.US_ASCII))) {
            String forged = TestIssuer.sign(new HmacKey(secret), algorithm, Map.of("kid", "rsa"), claims());
            assertRefused(tokens, forged, "algorithm");
        }
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(key)
                + "\n-----END PUBLIC KEY-----\n";
    }

    static Stream<Map<String, Object>> headersThatBringAKey() {
        return Stream.of(
                Map.of("jwk", OTHER_RSA.toParams(OutputControlLevel.PUBLIC_ONLY)),
                Map.of("jku", "http://127.0.0.1:1/jwks"),
                Map.of("x5u", "http://127.0.0.1:1/cert"),
                Map.of("x5c", List.of("MIIB")),
                Map.of("crit", List.of("exp")),
                Map.of("crit", List.of()),
                Map.of("b64", false));
    }

    @ParameterizedTest
    @MethodSource("headersThatBringAKey")
    void a_token_brings_no_key_of_its_own_and_no_rules(Map<String, Object> header) {
        Map<String, Object> headers = new HashMap<>(header);
        headers.put("kid", "rsa");
        if (!header.containsKey("b64")) {
            assertRefused(tokens, TestIssuer.sign(OTHER_RSA.getPrivateKey(), "RS256", headers, claims()), "malformed");
        }
        String payload = good().split("\\.", -1)[1];
        headers.put("alg", "RS256");
        String claimed = encode(JsonUtil.toJson(headers)) + "." + payload + ".AAAA";
        assertRefused(tokens, claimed, "malformed");
    }

    @Test
    void a_key_that_the_token_does_not_name_does_not_count() {
        assertRefused(
                tokens, TestIssuer.sign(RSA.getPrivateKey(), "RS256", Map.of("kid", "ec"), claims()), "algorithm");
        assertRefused(tokens, TestIssuer.sign(RSA.getPrivateKey(), "RS256", Map.of(), claims()), "malformed");
        assertRefused(
                tokens, TestIssuer.sign(RSA.getPrivateKey(), "RS256", Map.of("kid", "x"), claims()), "unknown-key");
    }

    @Test
    void a_signature_by_another_key_of_the_same_name_is_refused() {
        assertRefused(tokens, TestIssuer.sign(OTHER_RSA, "RS256", claims()), "signature");
        assertRefused(tokens, TestIssuer.sign(TestIssuer.key("ec", "ES256"), "ES256", claims()), "signature");
    }

    @Test
    void claims_that_were_changed_after_signing_are_refused() {
        String[] parts = good().split("\\.", -1);
        Map<String, Object> claims = claims();
        claims.put("sub", "system:serviceaccount:ml:admin");
        assertRefused(tokens, parts[0] + "." + encode(JsonUtil.toJson(claims)) + "." + parts[2], "signature");
        assertRefused(tokens, parts[0] + "." + parts[1] + ".", "signature");
        assertRefused(tokens, parts[0] + "." + parts[1] + "." + "A".repeat(342), "signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "e30.e30.",
                "bnVsbA.e30.AA",
                "W10.e30.AA",
                "eyJhbGciOjF9.e30.AA",
                "eyJhbGciOiJSUzI1NiIsImFsZyI6Im5vbmUifQ.e30.AA",
                "a.b.c.d.e",
            })
    void what_is_no_token_is_refused(String text) {
        assertThat(tokens.verify(text).toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
        assertThat(tokens.remembered(text)).isNull();
    }

    @Test
    void a_token_has_one_spelling() {
        String good = good();
        assertThat(caller(tokens, good)).isEqualTo(TRAINER);
        for (String other : List.of(good + "=", good + "\n", " " + good, good.replaceFirst("\\.", "!."))) {
            assertRefused(tokens, other, "malformed");
        }
    }

    @Test
    void deep_and_huge_tokens_are_refused_at_once() {
        assertRefused(tokens, encode("[".repeat(5000)) + ".e30.AA", "malformed");
        assertRefused(tokens, encode("{\"alg\":" + "[".repeat(5000)) + ".e30.AA", "malformed");
        byte[] megabyte = new byte[1 << 20];
        Arrays.fill(megabyte, (byte) 'A');
        assertThat(tokens.verify(new String(megabyte, StandardCharsets.US_ASCII))
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void a_token_is_verified_once() {
        String good = good();
        assertThat(tokens.remembered(good)).isNull();
        for (int i = 0; i < 100; i++) {
            assertThat(caller(tokens, good)).isEqualTo(TRAINER);
            assertThat(tokens.remembered(good)).isEqualTo(TRAINER);
        }
        assertThat(signatureChecks()).isEqualTo(1);
    }

    @Test
    void many_requests_with_one_new_token_are_one_verification() {
        String good = good();
        List<CompletableFuture<Caller>> all = IntStream.range(0, 200)
                .mapToObj(i -> tokens.verify(good).toCompletableFuture())
                .toList();
        assertThat(all).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(signatureChecks()).isEqualTo(1);
    }

    @Test
    void a_remembered_token_is_forgotten_when_it_expires() {
        String good = good();
        caller(tokens, good);
        time.pass(Duration.ofSeconds(3629));
        assertThat(tokens.remembered(good)).isEqualTo(TRAINER);
        time.pass(Duration.ofSeconds(1));
        assertThat(tokens.remembered(good)).isNull();
        assertRefused(tokens, good, "expired");
    }

    @Test
    void ten_thousand_bad_tokens_push_out_no_good_one() {
        String good = good();
        caller(tokens, good);
        String[] parts = good.split("\\.", -1);
        for (int i = 0; i < 10_000; i++) {
            String signature = encode("signature " + i);
            assertThat(tokens.remembered(parts[0] + "." + parts[1] + "." + signature))
                    .isNull();
            tokens.verify(parts[0] + "." + parts[1] + "." + signature);
        }
        assertRefused(tokens, parts[0] + "." + parts[1] + "." + encode("last"), "signature");
        assertThat(tokens.size()).isEqualTo(1);
        assertThat(tokens.underWay()).isZero();
        assertThat(tokens.remembered(good)).isEqualTo(TRAINER);
    }

    @Test
    void good_tokens_are_remembered_up_to_a_bound() {
        PodTokens many = new PodTokens(
                (token, digest, before) -> CompletableFuture.completedStage(
                        new TokenValidator.VerifiedToken(TRAINER, Long.MAX_VALUE, null)),
                time);
        for (int i = 0; i < 5000; i++) {
            caller(many, "token " + i);
        }
        assertThat(many.size()).isLessThanOrEqualTo(1000);
    }

    @Test
    void a_new_key_in_the_file_is_used_at_once() throws IOException {
        PublicJsonWebKey fresh = TestIssuer.key("fresh", "ES256");
        publish(RSA, fresh);
        assertThat(caller(tokens, TestIssuer.sign(fresh, "ES256", claims()))).isEqualTo(TRAINER);
    }

    @Test
    void a_token_is_forgotten_when_its_key_is_withdrawn() throws IOException {
        String good = good();
        String other = TestIssuer.sign(EC, "ES256", claims());
        caller(tokens, good);
        caller(tokens, other);
        publish(EC);
        method.keys().fetch().join();
        assertThat(tokens.remembered(good)).isNull();
        assertThat(tokens.remembered(other)).isEqualTo(TRAINER);
        assertRefused(tokens, good, "unknown-key");
    }

    @Test
    void a_broken_file_leaves_the_keys_as_they_were() throws IOException {
        caller(tokens, good());
        for (String broken : List.of(
                "", "{", "[]", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa\",\"k\":\"AA\"}]}")) {
            Files.writeString(jwks, broken);
            assertThat(method.keys().fetch()).failsWithin(Duration.ofSeconds(10));
            assertThat(caller(tokens, good())).isEqualTo(TRAINER);
        }
    }

    @Test
    void the_file_is_read_again_when_it_changes() throws IOException {
        String good = good();
        caller(tokens, good);
        publish(EC);
        watch.look();
        watch.look();
        await().untilAsserted(() -> assertThat(tokens.remembered(good)).isNull());
    }

    @ParameterizedTest
    @CsvSource({"use,enc", "alg,HS256", "alg,RSA-OAEP"})
    void a_key_for_something_else_is_passed_over(String member, String value) throws IOException {
        PublicJsonWebKey key = TestIssuer.key("other", "RS256");
        if (member.equals("use")) {
            key.setUse(value);
        } else {
            key.setAlgorithm(value);
        }
        publish(RSA, key);
        assertRefused(tokens, TestIssuer.sign(key, "RS256", claims()), "unknown-key");
    }

    @Test
    void a_key_for_one_algorithm_verifies_no_other() throws IOException {
        PublicJsonWebKey key = TestIssuer.key("pinned", "RS256");
        key.setAlgorithm("PS256");
        publish(key);
        assertRefused(tokens, TestIssuer.sign(key, "RS256", claims()), "algorithm");
        assertThat(caller(tokens, TestIssuer.sign(key, "PS256", claims()))).isEqualTo(TRAINER);
    }

    private long signatureChecks() {
        return tokens.validator() instanceof OfflineValidator offline ? offline.signatureChecks() : -1;
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
