package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTemplateTest {
    @Test
    void fills_in_name_and_environment() {
        NameTemplate template = new NameTemplate("ml-workflow/{environment}/{name}", "production");
        assertThat(template.apply(new SecretName("app")).value()).isEqualTo("ml-workflow/production/app");
    }

    @Test
    void a_name_that_looks_like_a_placeholder_stays_a_name() {
        NameTemplate template = new NameTemplate("{environment}/{name}", "production");
        assertThat(template.apply(new SecretName("{environment}")).value()).isEqualTo("production/{environment}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"app", "{name}/{name}", "{nmae}", "{name}/{env}", "/{name}", "{name}/", "a//{name}", "../{name}"
            })
    void refuses_a_template_that_makes_no_names(String template) {
        assertThatThrownBy(() -> new NameTemplate(template, "x")).isInstanceOf(InvalidReferenceException.class);
    }

    @Test
    void refuses_an_environment_that_leaves_its_segment() {
        assertThatThrownBy(() -> new NameTemplate("a/{environment}/{name}", "../b"))
                .isInstanceOf(InvalidReferenceException.class);
    }

    @Test
    void refuses_a_name_that_gets_too_long() {
        NameTemplate template = new NameTemplate("prefix/{name}", "x");
        assertThatThrownBy(() -> template.apply(new SecretName("x".repeat(512))))
                .isInstanceOf(InvalidReferenceException.class);
    }
}
