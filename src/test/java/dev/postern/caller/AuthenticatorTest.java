package dev.postern.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
    @TempDir
    Path directory;

    private Authenticator authenticator;

    @BeforeEach
    void makeToken() throws IOException {
        Path path = Files.writeString(directory.resolve("token"), "secret");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        authenticator = new Authenticator(new TokenFile(path, new FileWatch(), new SecureRandom()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer secret", "BEARER  secret"})
    void the_token_is_its_holder(String authorization) {
        assertThat(authenticator.authenticate(authorization)).isEqualTo(TokenFile.CALLER);
    }

    @Test
    void no_credentials_are_no_caller() {
        assertThatThrownBy(() -> authenticator.authenticate(null))
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
                "Bearersecret       | unsupported-scheme",
                "Bearer wrong       | wrong-token",
                "Bearer secret,x    | wrong-token",
                "Bearer secret x    | wrong-token",
            })
    void other_credentials_are_no_caller(String authorization, String reason) {
        assertThatThrownBy(() -> authenticator.authenticate(authorization))
                .isInstanceOfSatisfying(
                        AuthenticationException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void an_empty_token_is_no_caller() {
        assertThatThrownBy(() -> authenticator.authenticate("Bearer ")).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void the_reason_holds_nothing_of_the_credentials() {
        assertThatThrownBy(() -> authenticator.authenticate("Bearer hunter2")).hasMessageNotContaining("hunter2");
    }
}
