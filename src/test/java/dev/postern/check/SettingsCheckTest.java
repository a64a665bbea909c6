package dev.postern.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.caller.Caller;
import dev.postern.config.PosternSources;
import dev.postern.config.SettingsReader;
import dev.postern.secret.SecretRef;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} finds without starting anything. */
class SettingsCheckTest {
    @TempDir
    Path directory;

    @Test
    void good_settings_have_no_faults() throws IOException {
        assertThat(check("postern: {secrets: {A: 'file:x#y'}, policy: {r: {callers: [token-file], allow: [A]}}}")
                        .faults())
                .isEmpty();
    }

    @Test
    void every_fault_is_told_in_a_line_that_names_its_setting() throws IOException {
        assertThat(check("""
                        postern:
                          environment: "{x}"
                          http: {port: 70000, host: 0.0.0.0, max-requests: 0}
                          cache: {ttl: 60000d, max-entries: 0}
                          audit: {deadline: 0s}
                          backends:
                            env: {timeout: 0s, max-concurrent: 0, name: "{environment}/{name}"}
                            evn: {timeout: 3s}
                          secrets: {ONE: "nope:x", TWO: "a//b", THREE: "file:ok", FOUR: "file:ok#"}
                          policy:
                            bad: {callers: [somebody, token-file], allow: ["nope:x", "a//b", ONE]}
                            good: {callers: [token-file], allow: [THREE]}
                        """, "POSTERN_CACHE_TLL").faults())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("POSTERN_CACHE_TLL: "),
                        line -> assertThat(line).startsWith("postern.http.port: "),
                        line -> assertThat(line).startsWith("postern.http.host: "),
                        line -> assertThat(line).startsWith("postern.http.max-requests: "),
                        line -> assertThat(line).startsWith("postern.cache.ttl: "),
                        line -> assertThat(line).startsWith("postern.cache.max-entries: "),
                        line -> assertThat(line).startsWith("postern.audit.deadline: "),
                        line -> assertThat(line).startsWith("postern.backends.env.timeout: "),
                        line -> assertThat(line).startsWith("postern.backends.env.max-concurrent: "),
                        line -> assertThat(line).startsWith("postern.backends.env.name: "),
                        line -> assertThat(line).startsWith("postern.backends.evn: "),
                        line -> assertThat(line).startsWith("postern.secrets.ONE: "),
                        line -> assertThat(line).startsWith("postern.secrets.TWO: "),
                        line -> assertThat(line).startsWith("postern.secrets.FOUR: "),
                        line -> assertThat(line).startsWith("postern.policy.bad.callers: somebody"),
                        line -> assertThat(line).startsWith("postern.policy.bad.allow: nope:x"),
                        line -> assertThat(line).startsWith("postern.policy.bad.allow: a//b"))
                .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
    }

    @Test
    void a_group_that_cannot_be_read_hides_no_other() throws IOException {
        assertThat(check("postern: {cache: {ttl: soon}, backend: nope, policy: {r: {callers: [x], allow: [y]}}}")
                        .faults())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("postern.backend (SECRETS_BACKEND): "),
                        line -> assertThat(line).startsWith("postern.policy.r.callers: x"));
    }

    @Test
    void a_token_that_is_not_there_is_neither_a_fault_nor_made() throws IOException {
        Path token = directory.resolve("token");
        SettingsCheck check = check("postern: {auth: {token-file: {path: " + token + "}}}");
        assertThat(check.faults()).isEmpty();
        assertThat(token).doesNotExist();
    }

    @Test
    void a_token_that_is_open_to_others_is_a_fault() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "canary-value");
        Files.setPosixFilePermissions(token, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(check("postern: {auth: {token-file: {path: " + token + "}}}").faults())
                .singleElement()
                .asString()
                .startsWith("postern.auth.token-file.path: ")
                .doesNotContain("canary-value");
    }

    @Test
    void its_policy_decides_as_the_services() throws IOException {
        SettingsCheck check = check("postern: {secrets: {A: 'file:x'}, policy: {r: {callers: ['cn:*'], allow: [A]}}}");
        assertThat(check.policy().ruleFor(new Caller("cn:x", "check"), SecretRef.parse("A")))
                .isEqualTo("r");
        assertThat(check.policy().ruleFor(new Caller("cn:x", "check"), SecretRef.parse("B")))
                .isNull();
    }

    private SettingsCheck check(String yaml, String... variables) throws IOException {
        Path file = Files.writeString(directory.resolve("postern.yaml"), yaml);
        SettingsReader reader = new SettingsReader(List.of(
                PosternSources.file(file),
                new PropertiesConfigSource(
                        Map.of(
                                "postern.auth.token-file.path",
                                directory.resolve(".postern/token").toString()),
                        "home",
                        100),
                new EnvConfigSource(Map.of(), 300)));
        return new SettingsCheck(reader, Set.of(variables), Set.of("env", "file"));
    }
}
