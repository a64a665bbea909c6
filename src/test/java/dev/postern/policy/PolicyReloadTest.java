package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.caller.Caller;
import dev.postern.config.ConfigurationReloader;
import dev.postern.config.ConfigurationReloader.Snapshot;
import dev.postern.config.PosternSources;
import dev.postern.secret.Catalog;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import dev.postern.watch.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReloadTest {
    private static final String RULE = "postern: {policy: {r: {callers: [token-file], allow: [%s]}}}\n";

    private static final String PREFIX = "postern.policy";

    @TempDir
    Path directory;

    private final List<String> steps = new ArrayList<>();

    private final FileWatch watch = new FileWatch();
    private final List<String> heard = new ArrayList<>();
    private final PolicyEvents events = new PolicyEvents() {
        @Override
        public void replaced(Policy before, Policy after) {
            heard.add(before.size() + " -> " + after.size() + " in force: "
                    + policy.get().size());
        }

        @Override
        public void refused(Policy kept, String reason) {
            heard.add(kept.size() + " kept: " + reason);
        }
    };
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final Catalog catalog = new Catalog("env", Map.of("env", new NameTemplate("{name}", "x")), Map.of());
    private Path file;
    private CurrentPolicy policy;

    @BeforeEach
    void name() {
        file = directory.resolve("postern.yaml");
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void rules_change_with_the_file() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change(RULE.formatted("b"));
        assertThat(rule("a")).isNull();
        assertThat(rule("b")).isEqualTo("r");
        assertThat(reloads("ok")).isOne();
    }

    @Test
    void what_depends_on_the_rules_stops_before_they_change_and_starts_after() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change(RULE.formatted("b"));
        assertThat(steps).containsExactly("before true", "after false");
    }

    @Test
    void what_depends_on_the_rules_goes_on_where_they_stay() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change("postern: {backend: env}");
        assertThat(steps).isEmpty();
    }

    @Test
    void a_policy_that_a_request_has_taken_does_not_change() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        Policy taken = policy.get();
        change(RULE.formatted("b"));
        assertThat(taken.ruleFor(new Caller("token-file", "test"), SecretRef.parse("a")))
                .isEqualTo("r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "postern: [",
                "\t",
                "a: b: c",
                "&a [*a, *b]",
                "postern: {policy: }",
                "postern: {policy: {r: {callers: [token-file], allow: []}}}",
                "postern: {policy: {r: {callers: [token-file]}}}",
                "postern: {policy: {r: {callers: [token-file], allow: ['nope:x']}}}",
                "postern: {policy: {r: {callers: [token-file], allow: ['a//b']}}}",
                "postern: {policy: {r: {callers: [somebody], allow: [b]}}}",
                "postern: {policy: {r: {callers: [token-file], allow: [b], alow: [c]}}}",
                "postern: {policy: {good: {callers: [token-file], allow: [b]}, bad: {callers: [x], allow: [b]}}}",
                "postern: {policy: {r: {callers: [token-file], allow: [b]}}}\npostern: {cache: {ttl: 1s}}",
                "postern: {polcy: {s: {allow: [c]}}, policy: {r: {callers: [token-file], allow: [b]}}}",
                "postern: {cache: {tll: 1s}, policy: {r: {callers: [token-file], allow: [b]}}}",
                "postern: {cache: {ttl: fast}, policy: {r: {callers: [token-file], allow: [b]}}}",
            })
    void a_bad_file_keeps_the_rules_and_is_counted(String yaml) throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change(yaml);
        assertThat(rule("a")).isEqualTo("r");
        assertThat(rule("b")).isNull();
        assertThat(reloads("refused")).isOne();
        assertThat(reloads("ok")).isZero();
    }

    @Test
    void a_file_that_is_gone_keeps_the_rules() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        Files.delete(file);
        look();
        assertThat(rule("a")).isEqualTo("r");
        assertThat(reloads("refused")).isOne();
    }

    @Test
    void a_file_that_is_mended_is_read() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change("postern: [");
        change(RULE.formatted("b"));
        assertThat(rule("b")).isEqualTo("r");
    }

    @Test
    void rules_that_are_removed_open_nothing() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change("postern: {backend: env}");
        assertThat(rule("a")).isEqualTo("r");
        assertThat(rule("b")).isNull();
        assertThat(reloads("refused")).isOne();
    }

    @Test
    void rules_that_are_removed_where_nothing_is_open_without_rules_deny_all() throws IOException {
        start(RULE.formatted("a"), Map.of(), false);
        change("postern: {backend: env}");
        assertThat(rule("a")).isNull();
        assertThat(reloads("ok")).isOne();
    }

    @Test
    void the_first_rule_ends_the_openness_for_good() throws IOException {
        start("postern: {backend: env}", Map.of(), true);
        assertThat(rule("b")).isEqualTo(Policy.OPEN);
        change(RULE.formatted("a"));
        assertThat(rule("b")).isNull();
        change("postern: {backend: env}");
        assertThat(rule("b")).isNull();
    }

    @Test
    void a_variable_goes_before_the_file_on_every_reading() throws IOException {
        start(RULE.formatted("a"), Map.of("POSTERN_POLICY_R_ALLOW", "variable"), true);
        assertThat(rule("variable")).isEqualTo("r");
        assertThat(rule("a")).isNull();
        change(RULE.formatted("b"));
        assertThat(rule("variable")).isEqualTo("r");
        assertThat(rule("b")).isNull();
    }

    @Test
    void a_rule_of_variables_alone_stays() throws IOException {
        Map<String, String> environment =
                Map.of("POSTERN_POLICY_V_CALLERS", "token-file", "POSTERN_POLICY_V_ALLOW", "variable");
        start(RULE.formatted("a"), environment, true);
        assertThat(rule("variable")).isEqualTo("v");
        change("postern: {backend: env}");
        assertThat(rule("variable")).isEqualTo("v");
        assertThat(rule("a")).isNull();
    }

    @Test
    void a_change_elsewhere_in_the_file_does_not_hold_up_the_rules() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change("postern: {cache: {ttl: 3s}, policy: {r: {callers: [token-file], allow: [b]}}}\n");
        assertThat(rule("b")).isEqualTo("r");
    }

    @Test
    void other_settings_that_differ_from_the_start_are_known() throws IOException {
        start("postern: {backend: env, policy: {r: {callers: [token-file], allow: [a]}}}\n", Map.of(), true);
        ConfigurationReloader again =
                ConfigurationReloader.of(settings(Map.of())).orElseThrow();
        Files.writeString(file, "postern: {cache: {ttl: 3s}, policy: {r: {callers: [token-file], allow: [b]}}}\n");
        assertThat(again.read().changedOutside(Set.of(PREFIX))).containsExactly("postern.backend", "postern.cache.ttl");
    }

    @Test
    void an_unknown_key_anywhere_in_the_file_is_named() throws IOException {
        Files.writeString(file, RULE.formatted("a"));
        ConfigurationReloader again =
                ConfigurationReloader.of(settings(Map.of())).orElseThrow();
        Files.writeString(file, "postern: {cahce: {ttl: 3s}, policy: {r: {callers: [token-file], allow: [b]}}}\n");
        assertThatThrownBy(again::read)
                .hasMessage("postern.cahce.ttl: there is no such setting; did you mean postern.cache.ttl?");
    }

    @Test
    void a_change_between_reading_and_watching_is_not_missed() throws IOException {
        Files.writeString(file, RULE.formatted("a"));
        SmallRyeConfig settings = settings(Map.of());
        Files.writeString(file, RULE.formatted("b"));
        start(settings, true);
        assertThat(rule("b")).isEqualTo("r");
    }

    @Test
    void other_rules_are_reported_before_they_are_in_force_and_the_same_ones_are_not() throws IOException {
        start(RULE.formatted("a, b"), Map.of(), true);
        change("# the same\n" + RULE.formatted("b, a"));
        assertThat(heard).isEmpty();
        change("postern: {policy: {r: {callers: [token-file], allow: [a]}, s: {callers: [token-file], allow: [b]}}}\n");
        assertThat(heard).containsExactly("1 -> 2 in force: 1");
    }

    @Test
    void refused_rules_are_reported() throws IOException {
        start(RULE.formatted("a"), Map.of(), true);
        change(RULE.formatted("a@1"));
        change("postern: {cache: {ttl: 3s}}\n");
        change(":");
        assertThat(heard).containsExactly("1 kept: invalid", "1 kept: invalid", "1 kept: unreadable");
    }

    private void start(String yaml, Map<String, String> environment, boolean openWithoutRules) throws IOException {
        Files.writeString(file, yaml);
        start(settings(environment), openWithoutRules);
    }

    private void start(SmallRyeConfig settings, boolean openWithoutRules) {
        policy = new CurrentPolicy(
                new Policy(settings.getConfigMapping(PolicyConfig.class, PREFIX), catalog, openWithoutRules));
        Function<Snapshot, PolicyReload.Next> compiler = fresh -> {
            PolicyConfig rules = fresh.get(PolicyConfig.class);
            return new PolicyReload.Next(
                    new Policy(rules, catalog, openWithoutRules),
                    () -> steps.add("before " + (rule("a") != null)),
                    () -> steps.add("after " + (rule("a") != null)));
        };
        ConfigurationReloader reloader = ConfigurationReloader.of(settings).orElseThrow();
        new PolicyReload(reloader, policy, compiler, Set.of(PREFIX), events, metrics).start(watch);
    }

    private SmallRyeConfig settings(Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(PosternSources.file(file), new EnvConfigSource(environment, 300))
                .withMapping(PolicyConfig.class, PREFIX)
                .build();
    }

    private void change(String yaml) throws IOException {
        Files.writeString(file, yaml);
        look();
    }

    private void look() {
        watch.look();
        watch.look();
    }

    private String rule(String asked) {
        return policy.get().ruleFor(new Caller("token-file", "test"), SecretRef.parse(asked));
    }

    private double reloads(String outcome) {
        return metrics.get("postern.policy.reloads")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
