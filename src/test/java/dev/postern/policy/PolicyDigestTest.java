package dev.postern.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.ContentDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyDigestTest {
    @Test
    void it_is_that_of_sorted_and_compact_json() {
        Map<String, PolicyConfig.Rule> rules = Map.of(
                "b", rule(List.of("y", " x"), List.of("B", "A")), "a", rule(List.of("token-file"), List.of("C")));
        String json = "{\"a\":{\"allow\":[\"C\"],\"callers\":[\"token-file\"]},"
                + "\"b\":{\"allow\":[\"A\",\"B\"],\"callers\":[\"x\",\"y\"]}}";
        assertThat(PolicyDigest.of(() -> rules)).isEqualTo(ContentDigest.of(json.getBytes(UTF_8)));
    }

    @Test
    void other_rules_have_another() {
        assertThat(PolicyDigest.of(() -> Map.of("a", rule(List.of("x"), List.of("A,B")))))
                .isNotEqualTo(PolicyDigest.of(() -> Map.of("a", rule(List.of("x"), List.of("A", "B")))))
                .isNotEqualTo(PolicyDigest.of(Map::of));
    }

    private static PolicyConfig.Rule rule(List<String> callers, List<String> allow) {
        return new PolicyConfig.Rule() {
            @Override
            public Set<String> callers() {
                return new LinkedHashSet<>(callers);
            }

            @Override
            public Set<String> allow() {
                return new LinkedHashSet<>(allow);
            }
        };
    }
}
