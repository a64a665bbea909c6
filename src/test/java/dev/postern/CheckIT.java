package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check} as a user runs it. */
class CheckIT {
    private static final String RULES = """
            postern:
              backends: {env: {names: [A]}}
              secrets: {ALIAS: env:A}
              policy:
                trainer: {callers: ["system:serviceaccount:ml:*"], allow: [ALIAS, "app#KEY"]}
            """;

    @TempDir
    Path home;

    @Test
    void good_settings_are_good_and_nothing_is_made() throws Exception {
        configure(RULES);
        assertThat(run(0, Map.of())).isEqualTo("ok\n");
        assertThat(home.resolve(".postern")).doesNotExist();
    }

    @Test
    void it_says_which_files_would_be_written_and_writes_none() throws Exception {
        Path file = home.resolve("made/app.env");
        configure("""
                postern:
                  backend: env
                  backends: {env: {names: [A]}}
                  files: {app: {path: "%s", mode: "0440", secrets: {KEY: A, OTHER: A}}}
                """.formatted(file));
        assertThat(run(0, Map.of("A", "canary")))
                .isEqualTo("file app: " + file + ", dotenv, r--r-----, with KEY, OTHER\nok\n");
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void it_can_run_beside_the_service() throws Exception {
        configure(RULES);
        Path other = Files.createDirectory(home.resolve("other"));
        Files.copy(home.resolve("postern.yaml"), other.resolve("postern.yaml"));
        try (PackagedService service = PackagedService.start(other, Map.of()).listening()) {
            String port = service.err().replaceAll("(?s).*127\\.0\\.0\\.1:([0-9]+).*", "$1");
            assertThat(run(0, Map.of("POSTERN_HTTP_PORT", port))).isEqualTo("ok\n");
        }
    }

    @Test
    void every_fault_has_a_line() throws Exception {
        configure("""
                postern:
                  cache: {ttl: soon, max-entires: 3, max-bytes: lots}
                  http: {max-requests: 0}
                  secrets: {ALIAS: "nope:A"}
                  policy:
                    r: {callers: [somebody], allow: ["a//b"], alow: [x]}
                    s: {callers: [token-file], allow: ["nope:x"]}
                """);
        String out = run(1, Map.of("POSTERN_CACHE_TLL", "3s", "POSTERN_AUDIT_DEADLINE", "0s"));
        assertThat(out.lines()).allMatch(line -> line.startsWith("fault: ")).doesNotHaveDuplicates();
        assertThat(out)
                .contains(
                        "postern.cache.ttl",
                        "postern.cache.max-entires",
                        "postern.cache.max-bytes",
                        "postern.http.max-requests",
                        "postern.secrets.ALIAS: there is no backend 'nope'",
                        "postern.policy.r.alow",
                        "postern.policy.s.allow: nope:x",
                        "POSTERN_CACHE_TLL",
                        "postern.audit.deadline");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTERN_BACKENDS_ENV_FILE | /nope  | postern.backends.env.file",
                "SECRETS_BACKEND           | aws    | postern.backends.aws.region (AWS_REGION)",
                "SECRETS_BACKEND           | awz    | SECRETS_BACKEND",
                "POSTERN_CONFIG            | /nope  | /nope",
                "POSTERN_HTTP_HOST         | 0.0.0.0 | postern.http.host",
            })
    void what_keeps_the_service_from_starting_is_a_fault(String variable, String value, String named) throws Exception {
        assertThat(run(1, Map.of(variable, value)).lines())
                .singleElement()
                .asString()
                .startsWith("fault: ")
                .contains(named);
    }

    @Test
    void a_file_that_is_no_yaml_is_a_fault() throws Exception {
        configure("postern: [");
        assertThat(run(1, Map.of()).lines()).singleElement().asString().contains("is not YAML: line 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "system:serviceaccount:ml:a  | ALIAS     | 0 | allowed: rule trainer lets system:serviceaccount:ml:a read ALIAS",
                "system:serviceaccount:ml:a  | app#KEY   | 0 | allowed: rule trainer lets system:serviceaccount:ml:a read app#KEY",
                "system:serviceaccount:ml:a  | env:app#KEY | 0 | allowed: rule trainer lets system:serviceaccount:ml:a read app#KEY",
                "system:serviceaccount:ml:a  | app       | 1 | denied: no rule allows system:serviceaccount:ml:a to read app",
                "system:serviceaccount:web:a | ALIAS     | 1 | denied: no rule allows system:serviceaccount:web:a to read ALIAS",
                "token-file                  | ALIAS     | 1 | denied: no rule allows token-file to read ALIAS",
            })
    void it_answers_who_may_read_what_by_which_rule(String caller, String secret, int code, String line)
            throws Exception {
        configure(RULES);
        // The question needs no backend: one that could not start does not keep it from being answered.
        assertThat(run(code, Map.of("POSTERN_BACKENDS_ENV_FILE", "/nope"), "--caller", caller, "--secret", secret))
                .isEqualTo(line + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--caller token-file",
                "--caller token-file --secret",
                "--caller somebody --secret A",
                "--caller cn:* --secret A",
                "--caller cn:x --secret ..",
                "--caller cn:x --secret nope:A",
                "--who cn:x --secret A"
            })
    void a_question_that_makes_no_sense_is_refused(String arguments) throws Exception {
        assertThat(run(2, Map.of(), arguments.split(" ", -1))).isEmpty();
    }

    private void configure(String yaml) throws IOException {
        Files.writeString(home.resolve("postern.yaml"), yaml);
    }

    /** What it prints. */
    private String run(int code, Map<String, String> environment, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "check";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try (PackagedService check = PackagedService.start(home, environment, all)) {
            int ended = check.exitCode();
            assertThat(ended).as("%s%s", check.out(), check.err()).isEqualTo(code);
            assertThat(check.err()).doesNotContain("\tat ", "Listening on");
            return check.out();
        }
    }
}
