package dev.postern.caller;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.postern.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the {@code Authorization} field holds, it is the token or it is refused. */
class AuthenticatorFuzzTest {
    private static final String TOKEN = "the-shared-token";

    private static Path file;
    private static Authenticator authenticator;

    @BeforeAll
    static void make() throws IOException {
        file = Files.createTempFile(
                "token", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, TOKEN);
        try (FileWatch unused = new FileWatch()) {
            authenticator = new Authenticator(
                    new TokenFile(
                            TokenFile.setting(file.toString()), unused, new SecureRandom(), CredentialEvents.UNHEARD),
                    null,
                    false,
                    () -> false);
        }
    }

    @AfterAll
    static void remove() throws IOException {
        Files.delete(file);
    }

    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer the-shared-token",
                "bearer the-shared-token",
                "BEARER  the-shared-token ",
                "Bearer the-shared-token2",
                "Bearer the-shared-toke",
                "Bearer \u0174he-shared-token",
                "Basic dGhlLXRva2Vu",
                "Bearer the-shared-token, Bearer x",
                "Bearer eyJhbGciOiJub25lIn0.e30."
            })
    @FuzzTest(maxDuration = "1m")
    void a_field_is_the_token_or_is_refused(@NotNull String authorization) {
        Caller caller;
        try {
            caller = authenticator.authenticate(null, authorization).join();
        } catch (AuthenticationException refused) {
            assertThat(authorization).isNotEqualTo("Bearer " + TOKEN);
            return;
        }
        assertThat(caller).isEqualTo(TokenFile.CALLER);
        assertThat(authorization.substring(0, 7)).isEqualToIgnoringCase("Bearer ");
        assertThat(authorization.substring(7).strip()).isEqualTo(TOKEN);
    }
}
