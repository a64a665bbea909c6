package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.caller.Caller;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.NameTemplate;
import dev.postern.secret.SecretRef;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
    private static final String TRAINER = "system:serviceaccount:ml:trainer";

    private final Catalog catalog = new Catalog(
            "aws",
            Map.of("aws", new NameTemplate("{name}", "x"), "vault", new NameTemplate("{name}", "x")),
            Map.of("DATABASE_URL", "vault:prod/db"));

    @Test
    void what_no_rule_allows_is_denied() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "app")));
        assertThat(allows(policy, TRAINER, "app")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "other")).isNull();
        assertThat(allows(policy, "token-file", "app")).isNull();
    }

    @Test
    void without_rules_all_is_open_only_where_that_is_wanted() {
        assertThat(allows(new Policy(config(Map.of()), catalog, true), "token-file", "vault:x"))
                .isEqualTo("default");
        assertThat(allows(new Policy(config(Map.of()), catalog, false), "token-file", "vault:x"))
                .isNull();
    }

    @Test
    void one_rule_ends_the_openness() {
        Policy policy = new Policy(config(Map.of("r", rule("token-file", "app"))), catalog, true);
        assertThat(allows(policy, "token-file", "app")).isEqualTo("r");
        assertThat(allows(policy, "token-file", "other")).isNull();
    }

    @Test
    void a_property_grant_gives_that_field_and_not_the_whole() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "api-keys#OPENAI_API_KEY")));
        assertThat(allows(policy, TRAINER, "api-keys#OPENAI_API_KEY")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "api-keys#/OPENAI_API_KEY")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "api-keys")).isNull();
        assertThat(allows(policy, TRAINER, "api-keys#HF_API_TOKEN")).isNull();
    }

    @Test
    void a_grant_of_the_whole_gives_every_field() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "api-keys")));
        assertThat(allows(policy, TRAINER, "api-keys#ANY")).isEqualTo("r");
    }

    @Test
    void a_star_stays_within_a_segment() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "ml-workflow/production/*")));
        assertThat(allows(policy, TRAINER, "ml-workflow/production/app")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "ml-workflow/production/app/x")).isNull();
        assertThat(allows(policy, TRAINER, "ml-workflow/staging/app")).isNull();
    }

    @Test
    void a_grant_without_a_backend_does_not_reach_another_backend() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "**")));
        assertThat(allows(policy, TRAINER, "app")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "aws:app")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "vault:app")).isNull();
    }

    @Test
    void a_grant_of_a_backend_does_not_reach_an_alias() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "aws:**")));
        assertThat(allows(policy, TRAINER, "app")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "aws:DATABASE_URL")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "DATABASE_URL")).isNull();
    }

    @Test
    void a_grant_of_an_alias_does_not_reach_what_it_hides_or_stands_for() {
        Policy policy = policy(Map.of("r", rule(TRAINER, "DATABASE_URL")));
        assertThat(allows(policy, TRAINER, "DATABASE_URL")).isEqualTo("r");
        assertThat(allows(policy, TRAINER, "aws:DATABASE_URL")).isNull();
        assertThat(allows(policy, TRAINER, "vault:prod/db")).isNull();
    }

    @Test
    void callers_may_be_patterns() {
        Policy policy = policy(Map.of(
                "ns", rule("system:serviceaccount:ml:*", "a"),
                "domain", rule("spiffe://cluster.local/ns/ml/**", "b")));
        assertThat(allows(policy, TRAINER, "a")).isEqualTo("ns");
        assertThat(allows(policy, "system:serviceaccount:web:trainer", "a")).isNull();
        assertThat(allows(policy, "spiffe://cluster.local/ns/ml/sa/trainer", "b"))
                .isEqualTo("domain");
        assertThat(allows(policy, "spiffe://cluster.local/ns/web/sa/x", "b")).isNull();
    }

    @Test
    void a_callers_rules_add_up() {
        Policy policy = policy(Map.of(
                "one", rule(TRAINER, "a"),
                "two", rule(TRAINER, "b"),
                "three", rule("system:serviceaccount:**", "c")));
        assertThat(allows(policy, TRAINER, "a")).isEqualTo("one");
        assertThat(allows(policy, TRAINER, "b")).isEqualTo("two");
        assertThat(allows(policy, TRAINER, "c")).isEqualTo("three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcp:app", "a//b", "", "../a", "a@3", "a#*", "a#", "a%2Fb"})
    void a_grant_that_means_nothing_is_refused_by_its_rule(String allow) {
        assertThatThrownBy(() -> policy(Map.of("trainer", rule(TRAINER, allow))))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessageStartingWith("postern.policy.trainer.allow: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trainer", "*", "", "spiffe://", "token-fil*", "http://x"})
    void a_caller_of_no_known_form_is_refused_by_its_rule(String caller) {
        assertThatThrownBy(() -> policy(Map.of("trainer", rule(caller, "app"))))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessageStartingWith("postern.policy.trainer.callers: ");
    }

    private Policy policy(Map<String, PolicyConfig.Rule> rules) {
        return new Policy(config(rules), catalog, false);
    }

    private String allows(Policy policy, String caller, String asked) {
        return policy.ruleFor(new Caller(caller, "test"), catalog.canonical(SecretRef.parse(asked)));
    }

    private static PolicyConfig config(Map<String, PolicyConfig.Rule> rules) {
        return () -> rules;
    }

    private static PolicyConfig.Rule rule(String caller, String allow) {
        return new PolicyConfig.Rule() {
            @Override
            public Set<String> callers() {
                return Set.of(caller);
            }

            @Override
            public Set<String> allow() {
                return Set.of(allow);
            }
        };
    }
}
