package dev.postern.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.caller.AuthenticationException.Reason;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    @TempDir
    Path directory;

    private static final Caller PEER = new Caller("dns:peer", Authenticator.MTLS);
    private static final Caller POD = new Caller("system:serviceaccount:ml:trainer", Authenticator.POD_TOKEN);

    private TokenFile tokenFile;
    private Authenticator authenticator;

    @BeforeEach
    void makeToken() throws IOException {
        Path path = Files.writeString(directory.resolve("token"), "the-shared-secret");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        tokenFile = new TokenFile(
                TokenFile.setting(path.toString()), new FileWatch(), new SecureRandom(), CredentialEvents.UNHEARD);
        authenticator = new Authenticator(tokenFile, null, false, () -> false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer the-shared-secret", "bearer the-shared-secret", "BEARER  the-shared-secret"})
    void the_token_is_its_holder(String authorization) {
        assertThat(authenticator.authenticate(null, authorization)).isCompletedWithValue(TokenFile.CALLER);
    }

    @Test
    void no_credentials_are_no_caller() {
        assertThatThrownBy(() -> authenticator.authenticate(null, null))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        e -> assertThat(e.reason()).isEqualTo("no-credentials"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic c2VjcmV0     | unsupported-scheme",
                "secret             | unsupported-scheme",
                "Bearer             | unsupported-scheme",
                "Bearerthe-shared-secret       | unsupported-scheme",
                "Bearer wrong       | wrong-token",
                "Bearer the-shared-secret,x    | wrong-token",
                "Bearer the-shared-secret x    | wrong-token",
            })
    void other_credentials_are_no_caller(String authorization, String reason) {
        assertThatThrownBy(() -> authenticator.authenticate(null, authorization))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void an_empty_token_is_no_caller() {
        assertThatThrownBy(() -> authenticator.authenticate(null, "Bearer "))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void the_reason_holds_nothing_of_the_credentials() {
        assertThatThrownBy(() -> authenticator.authenticate(null, "Bearer hunter2"))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void a_certificate_alone_is_who_it_names() {
        assertThat(authenticator.authenticate(PEER, null)).isCompletedWithValue(PEER);
        assertThat(new Authenticator(null, null, true, () -> false).authenticate(PEER, null))
                .isCompletedWithValue(PEER);
    }

    @Test
    void a_good_token_beside_a_certificate_does_not_change_who_calls() {
        assertThat(authenticator.authenticate(PEER, "Bearer the-shared-secret")).isCompletedWithValue(PEER);
        assertThat(withPods().authenticate(PEER, "Bearer good.pod.token")).isCompletedWithValueMatching(PEER::equals);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Basic c2VjcmV0", "Bearer bad.pod.token"})
    void a_bad_token_beside_a_certificate_is_no_caller(String authorization) {
        assertRefused(withPods(), authorization);
        assertRefused(new Authenticator(null, null, true, () -> false), authorization);
    }

    private static void assertRefused(Authenticator authenticator, String authorization) {
        assertThatThrownBy(() -> authenticator.authenticate(PEER, authorization).join())
                .extracting(e -> e instanceof CompletionException ? e.getCause() : e)
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void a_token_that_must_be_verified_is_its_holder_once_it_is() {
        assertThat(withPods().authenticate(null, "Bearer good.pod.token")).isCompletedWithValue(POD);
    }

    @Test
    void nobody_is_let_in_while_nobody_looks_who_may() {
        AtomicBoolean blind = new AtomicBoolean();
        Authenticator watched = new Authenticator(tokenFile, new Pods(), true, blind::get);
        assertThat(watched.authenticate(PEER, "Bearer the-shared-secret")).isCompletedWithValue(PEER);
        blind.set(true);
        for (String authorization : new String[] {"Bearer the-shared-secret", "Bearer good.pod.token", null}) {
            assertThatThrownBy(() -> watched.authenticate(PEER, authorization))
                    .isInstanceOfSatisfying(
                            AuthenticationException.class,
                            e -> assertThat(e.isUnavailable()).isTrue());
        }
    }

    @Test
    void a_word_without_dots_is_judged_as_the_shared_token() {
        assertThatThrownBy(() -> withPods().authenticate(null, "Bearer wrong"))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        e -> assertThat(e.method()).isEqualTo(Authenticator.TOKEN_FILE));
    }

    @Test
    void the_challenge_names_the_methods_that_are_on() {
        assertThat(authenticator.challenge()).isEqualTo("Bearer realm=\"postern\", methods=\"token-file\"");
        assertThat(withPods().challenge())
                .isEqualTo("Bearer realm=\"postern\", methods=\"pod-token token-file\","
                        + " Certificate realm=\"postern\", methods=\"mtls\"");
    }

    @Test
    void without_any_method_there_is_no_start() {
        assertThatThrownBy(() -> new Authenticator(null, null, false, () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("postern.auth");
    }

    private Authenticator withPods() {
        return new Authenticator(tokenFile, new Pods(), true, () -> false);
    }

    /** Knows one pod's token by its first letter. */
    private static final class Pods implements TokenVerifier {
        @Override
        public CompletableFuture<Caller> verify(String token) {
            return token.startsWith("good")
                    ? CompletableFuture.completedFuture(POD)
                    : CompletableFuture.failedFuture(
                            new AuthenticationException(Authenticator.POD_TOKEN, Reason.SIGNATURE));
        }
    }
}
