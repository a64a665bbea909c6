package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script of the GitHub action {@code export-secrets}, as it stands, with the packaged service. */
class ExportSecretsIT {
    private static final Path SCRIPT =
            Path.of(".github/actions/export-secrets/export.sh").toAbsolutePath();
    private static final List<String> HOSTILE = List.of(
            "plain",
            "",
            "two\nlines",
            "ends with a newline\n",
            "EOF\nINJECTED=yes\nEOF",
            "INJECTED<<EOF\nyes\nEOF\n",
            "::add-mask::x\n::set-output name=y::z",
            "100%0A::error::z%25",
            "'\"`$(id)` $HOME \\ \\n",
            "\r\nin the manner of DOS\r\n",
            "  indented\n\ttabbed\t",
            "{\n  \"key\": \"välue\"\n}",
            "[\n  {\n    \"a\": {},\n    \"b\": [\n      []\n    ]\n  },\n  {},\n  1\n]",
            "({[,:;]})",
            "}]\n::\n,\n[[",
            "!!");

    @TempDir
    Path temp;

    private Path secrets;
    private Path exported;

    @BeforeEach
    void directories() throws IOException {
        for (String program : List.of("bash", "curl")) {
            assumeThat(onPath(program)).as(program).isTrue();
        }
        secrets = Files.createDirectory(temp.resolve("secrets"));
        exported = temp.resolve("github-env");
        Files.createDirectory(temp.resolve("work"));
    }

    @Test
    void exports_every_value_as_it_is() throws Exception {
        Outcome outcome = export(hostile());
        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(List.copyOf(variables().values())).isEqualTo(HOSTILE);
    }

    @Test
    void prints_values_in_masks_only_and_masks_every_line() throws Exception {
        Outcome outcome = export(hostile());
        List<String> masks = outcome.output()
                .lines()
                .filter(line -> line.startsWith("::add-mask::"))
                .toList();
        List<String> hidden = masks.stream()
                .map(line -> decoded(line.substring("::add-mask::".length())))
                .toList();
        for (String value : HOSTILE) {
            value.lines()
                    .map(String::strip)
                    .filter(line -> !line.matches("(([{}\\[\\]]|\\{}|\\[]),?)?"))
                    .forEach(line -> assertThat(hidden).contains(line));
        }
        // Else hardly a line of any log could be read.
        assertThat(hidden).doesNotContain("", "{", "}", "[", "]", "},", "],", "{},", "[]");
        List<String> audit = auditLines(outcome);
        assertThat(outcome.output().lines().filter(line -> !masks.contains(line) && !audit.contains(line)))
                .containsExactly(
                        "Exported: " + String.join(" ", hostileNames()),
                        "::group::What was read, by Postern's audit log",
                        "::endgroup::");
        HOSTILE.stream()
                .filter(value -> value.length() > 4)
                .forEach(value ->
                        assertThat(String.join("\n", audit)).doesNotContain(value, value.replace("\n", "\\n")));
    }

    @Test
    void shows_a_line_for_each_access_and_lets_none_of_them_command_the_runner() throws Exception {
        Files.writeString(secrets.resolve("##[error]x"), "value");
        Files.writeString(secrets.resolve("ONE"), "value");
        Outcome outcome = export("ONE\nTWO=%23%23[error]x\nTHREE=MISSING");
        assertThat(outcome.code()).isNotZero();
        assertThat(auditLines(outcome))
                .hasSize(7)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("::stop-commands::"),
                        line -> assertThat(line).contains("\"service-start\""),
                        line -> assertThat(line).contains("\"postern.secret\":\"ONE\"", "\"success\""),
                        line -> assertThat(line).contains("[error]x\"", "\"success\""),
                        line -> assertThat(line).contains("\"postern.secret\":\"MISSING\"", "\"failure\""),
                        line -> assertThat(line).contains("\"service-stop\""),
                        line -> assertThat(line).startsWith("::"));
        assertThat(auditLines(export("ONE")).get(0))
                .isNotEqualTo(auditLines(outcome).get(0));
    }

    @Test
    void shows_the_log_of_a_service_that_did_not_start_and_lets_it_not_command_the_runner() throws Exception {
        Files.writeString(temp.resolve("postern.yaml"), "postern: {secrets: {A: \"nope:x\\n::error::from the log\"}}");
        Outcome outcome = export(
                "ONE", Map.of("POSTERN_CONFIG", temp.resolve("postern.yaml").toString()));
        assertThat(outcome.code()).isNotZero();
        assertThat(commandless(outcome)).anyMatch(line -> line.contains("postern.secrets.A"));
        assertThat(commands(outcome))
                .containsExactly("::group::Postern's log", "::endgroup::", "::error::Postern did not start");
    }

    /** The working directory is a checkout, which may be a stranger's. */
    @ParameterizedTest
    @ValueSource(strings = {"postern.yaml", "config/application.properties"})
    void takes_no_settings_from_files_that_nobody_has_named(String file) throws Exception {
        Files.writeString(secrets.resolve("ONE"), "right");
        Files.writeString(secrets.resolve("OTHER"), "wrong");
        Files.createDirectory(temp.resolve("config"));
        Files.writeString(
                temp.resolve(file),
                file.endsWith(".yaml")
                        ? "postern: {secrets: {ONE: \"file:OTHER\"}}"
                        : "postern.secrets.ONE=file:OTHER\n");
        assertThat(export("ONE").output()).contains("Exported: ONE");
        assertThat(variables()).containsExactly(Map.entry("ONE", "right"));
        // Nor beside one that is named and lies elsewhere.
        Files.delete(exported);
        Files.writeString(
                Files.createDirectory(temp.resolve("own")).resolve("postern.yaml"), "postern: {backend: file}");
        assertThat(export("ONE", Map.of("POSTERN_CONFIG", "own/postern.yaml")).output())
                .contains("Exported: ONE");
        assertThat(variables()).containsExactly(Map.entry("ONE", "right"));
    }

    @Test
    void takes_no_values_from_a_file_that_nobody_has_named() throws Exception {
        Files.writeString(temp.resolve(".env"), "ONE=wrong\n");
        assertThat(export("ONE", Map.of("SECRETS_BACKEND", "env")).output())
                .contains("::error::ONE: 404 secret-not-found");
        assertThat(exported).doesNotExist();
    }

    @Test
    void takes_the_settings_that_are_named_and_what_lies_beside_them() throws Exception {
        Path own = Files.createDirectory(temp.resolve("own"));
        Files.writeString(own.resolve("values"), "ONE=value\n");
        Files.writeString(own.resolve("settings.yaml"), "postern: {backends: {env: {file: values}}}");
        Map<String, String> settings = Map.of("SECRETS_BACKEND", "env", "POSTERN_CONFIG", "own/settings.yaml");
        assertThat(export("ONE", settings).output()).contains("Exported: ONE");
        assertThat(variables()).containsExactly(Map.entry("ONE", "value"));
    }

    @Test
    void paths_may_be_relative() throws Exception {
        Files.writeString(secrets.resolve("ONE"), "value");
        Path jar = Path.of(System.getProperty("postern-jar")).toAbsolutePath();
        Map<String, String> settings = Map.of(
                "EXPORT_JAR",
                temp.toAbsolutePath().relativize(jar).toString(),
                "RUNNER_TEMP",
                "work",
                "GITHUB_ENV",
                "github-env");
        assertThat(export("ONE", settings).output()).contains("Exported: ONE");
        assertThat(variables()).containsExactly(Map.entry("ONE", "value"));
    }

    @Test
    void exports_one_field() throws Exception {
        Files.createDirectory(secrets.resolve("app"));
        Files.writeString(secrets.resolve("app/prod"), "{\"a&b\":\"field\"}");
        assertThat(export(" ONE = app/prod#a&b\n\n").code()).isZero();
        assertThat(variables()).containsExactly(Map.entry("ONE", "field"));
    }

    @Test
    void a_secret_is_written_as_in_a_path() throws Exception {
        Files.createDirectory(secrets.resolve("app"));
        Files.writeString(secrets.resolve("app/prod"), "{\"a%b\":\"field\"}");
        Files.writeString(secrets.resolve("a:b c?"), "colon");
        Map<String, String> other = Map.of("SECRETS_BACKEND", "env", "POSTERN_BACKENDS_FILE_ENABLED", "true");
        assertThat(export("ONE=file:app/prod#a%25b\nTWO=file:a%3Ab%20c?", other).output())
                .contains("Exported: ONE TWO");
        assertThat(variables()).containsExactly(Map.entry("ONE", "field"), Map.entry("TWO", "colon"));
    }

    @Test
    void a_name_that_is_no_name_becomes_no_other() throws Exception {
        Files.writeString(secrets.resolve("ONE"), "value");
        assertThat(export("ONE=x/../ONE").output()).contains("::error::x/../ONE: 400 invalid-request");
        assertThat(exported).doesNotExist();
    }

    @Test
    void exports_nothing_where_one_is_missing() throws Exception {
        Files.writeString(secrets.resolve("THERE"), "value");
        Outcome outcome = export("THERE\nMISSING");
        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.output()).contains("::error::MISSING: 404 secret-not-found");
        assertThat(exported).doesNotExist();
    }

    @Test
    void refuses_what_no_variable_can_hold_or_be_named() throws Exception {
        Files.write(secrets.resolve("NUL"), new byte[] {'a', 0, 'b'});
        assertThat(export("NUL").output()).contains("::error::NUL: a value with a NUL");
        assertThat(export("A-B=NUL").output()).contains("::error::A-B: not the name of a variable");
        assertThat(export("\n").output()).contains("::error::no secrets are named");
        assertThat(exported).doesNotExist();
    }

    @Test
    void stops_the_service_and_leaves_nothing_behind() throws Exception {
        Files.writeString(secrets.resolve("ONE"), "value");
        assertThat(export("ONE").code()).isZero();
        assertThat(export("MISSING").code()).isNotZero();
        assertThat(temp.resolve("work")).isEmptyDirectory();
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(temp.toString())))
                .isEmpty();
    }

    /**
     * What the runner takes for text, as it is told: all between a {@code ::stop-commands::} and its token, those two
     * included.
     */
    private static List<String> commandless(Outcome outcome) {
        List<String> found = new ArrayList<>();
        String end = null;
        for (String line : outcome.output().lines().toList()) {
            if (end == null && line.startsWith("::stop-commands::")) {
                end = "::" + line.substring("::stop-commands::".length()) + "::";
                assertThat(end).hasSizeGreaterThan(30);
                found.add(line);
            } else if (end != null) {
                found.add(line);
                if (line.equals(end)) {
                    end = null;
                }
            }
        }
        assertThat(end).as("commands stay stopped").isNull();
        return found;
    }

    private static List<String> auditLines(Outcome outcome) {
        List<String> lines = commandless(outcome);
        assertThat(lines.subList(1, lines.size() - 1)).allMatch(line -> line.startsWith("{\"@timestamp\":"));
        return lines;
    }

    private static List<String> commands(Outcome outcome) {
        List<String> text = commandless(outcome);
        return outcome.output()
                .lines()
                .filter(line -> !text.contains(line) && (line.startsWith("::") || line.contains("##[")))
                .toList();
    }

    private record Outcome(int code, String output) {}

    private Outcome export(String lines) throws Exception {
        return export(lines, Map.of());
    }

    private Outcome export(String lines, Map<String, String> settings) throws Exception {
        Path output = temp.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", SCRIPT.toString())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("POSTERN_"));
        environment.merge(
                "PATH", Path.of(System.getProperty("java.home"), "bin").toString(), (path, bin) -> bin + ":" + path);
        environment.put("http_proxy", "http://127.0.0.1:1");
        environment.put("SECRETS_BACKEND", "file");
        environment.put("POSTERN_BACKENDS_FILE_DIRECTORY", secrets.toString());
        environment.put(
                "EXPORT_JAR",
                Path.of(System.getProperty("postern-jar")).toAbsolutePath().toString());
        environment.put("EXPORT_SECRETS", lines);
        environment.put("GITHUB_ENV", exported.toString());
        environment.put("RUNNER_TEMP", temp.resolve("work").toString());
        environment.putAll(settings);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroy();
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    private String hostile() throws IOException {
        List<String> names = hostileNames();
        for (int i = 0; i < names.size(); i++) {
            Files.writeString(secrets.resolve(names.get(i)), HOSTILE.get(i));
        }
        return String.join("\n", names);
    }

    private static List<String> hostileNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < HOSTILE.size(); i++) {
            names.add("HOSTILE_" + i);
        }
        return names;
    }

    /** Reads the file as the runner does: {@code NAME<<DELIMITER}, lines, {@code DELIMITER}. */
    private Map<String, String> variables() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        Iterator<String> lines =
                List.of(Files.readString(exported, UTF_8).split("\n", -1)).iterator();
        while (lines.hasNext()) {
            String head = lines.next();
            if (head.isEmpty() && !lines.hasNext()) {
                break;
            }
            String[] parts = head.split("<<", 2);
            assertThat(parts).as(head).hasSize(2);
            List<String> value = new ArrayList<>();
            for (String line = lines.next(); !line.equals(parts[1]); line = lines.next()) {
                value.add(line);
            }
            found.put(parts[0], String.join("\n", value));
        }
        return found;
    }

    private static String decoded(String text) {
        return text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
    }

    private static boolean onPath(String program) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
