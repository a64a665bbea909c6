package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.secret.Catalog;
import dev.postern.secret.NameTemplate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an entry of a rule covers, by the names in the audit log. */
class AllowanceTest {
    private static final NameTemplate PLAIN = new NameTemplate("{name}", "");
    private static final Catalog CATALOG =
            new Catalog("aws", Map.of("aws", PLAIN, "vault", PLAIN), Map.of("ALIAS", "vault:kv/alias"));

    @ParameterizedTest
    @CsvSource({
        "A,               A,                 true",
        "A,               A#field,           true",
        "A#field,         A,                 false",
        "A#field,         A#field,           true",
        "app/*,           app/x,             true",
        "app/*,           app/x/y,           false",
        "app/**,          app/x/y#f,         true",
        "vault:kv/**,     vault:kv/x,        true",
        "vault:kv/**,     kv/x,              false",
        "aws:A,           A,                 true",
        "aws:ALIAS,       ALIAS,             false",
        "ALIAS,           ALIAS,             true",
        "'with%3Acolon',  'with%3Acolon',    true",
        "**,              'not a name//',    false",
    })
    void it_covers_what_the_policy_allows(String entry, String recorded, boolean covered) {
        Allowance allowance = Allowance.of(rules(entry), CATALOG).get(0);
        assertThat(allowance.covers(recorded)).isEqualTo(covered);
    }

    @Test
    void it_says_whose_it_is() {
        Allowance allowance = Allowance.of(rules("A"), CATALOG).get(0);
        assertThat(allowance.rule()).isEqualTo("rule");
        assertThat(allowance.callers()).isEqualTo("cn:a, cn:b");
        assertThat(allowance.entry()).isEqualTo("A");
    }

    private static PolicyConfig rules(String entry) {
        return () -> Map.of("rule", new PolicyConfig.Rule() {
            @Override
            public Set<String> callers() {
                return Set.copyOf(List.of("cn:b", "cn:a"));
            }

            @Override
            public Set<String> allow() {
                return Set.of(entry);
            }
        });
    }
}
