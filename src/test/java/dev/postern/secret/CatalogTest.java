package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private final Catalog catalog = new Catalog(
            "aws",
            Map.of(
                    "aws", new NameTemplate("ml-workflow/{environment}/{name}", "staging"),
                    "vault", new NameTemplate("{name}", "staging")),
            Map.of(
                    "DATABASE_URL", "aws:ml-workflow/production/app#DATABASE_URL",
                    "PINNED", "vault:app@3",
                    "SHORT", "app#KEY",
                    "app-alias", "vault:app"));

    @Test
    void a_bare_name_is_put_into_the_default_backends_template() {
        assertThat(locate("app")).isEqualTo(address("aws", "ml-workflow/staging/app", null, null));
    }

    @Test
    void a_name_with_a_backend_is_put_into_that_backends_template() {
        assertThat(locate("vault:app")).isEqualTo(address("vault", "app", null, null));
        assertThat(locate("aws:app")).isEqualTo(address("aws", "ml-workflow/staging/app", null, null));
    }

    @Test
    void a_caller_cannot_spell_a_name_outside_the_template() {
        assertThat(locate("ml-workflow/production/app").name().value())
                .isEqualTo("ml-workflow/staging/ml-workflow/production/app");
    }

    @Test
    void an_alias_with_a_backend_is_complete() {
        assertThat(locate("DATABASE_URL"))
                .isEqualTo(address("aws", "ml-workflow/production/app", "DATABASE_URL", null));
    }

    @Test
    void an_alias_without_a_backend_is_a_short_name() {
        assertThat(locate("SHORT")).isEqualTo(address("aws", "ml-workflow/staging/app", "KEY", null));
    }

    @Test
    void a_property_of_an_alias_is_taken_within_the_aliass_own() {
        assertThat(locate("SHORT#/inner").property()).isEqualTo(Property.parse("/KEY/inner"));
    }

    @Test
    void an_alias_takes_a_version_unless_it_is_pinned_to_one() {
        assertThat(locate("app-alias@7").version()).isEqualTo(new Version("7"));
        assertThat(locate("PINNED").version()).isEqualTo(new Version("3"));
        assertThatThrownBy(() -> locate("PINNED@7")).isInstanceOf(InvalidReferenceException.class);
    }

    @Test
    void the_default_backends_prefix_is_no_second_name() {
        assertThat(canonical("aws:app")).isEqualTo(canonical("app"));
        assertThat(canonical("vault:app")).isNotEqualTo(canonical("app"));
    }

    @Test
    void a_name_that_an_alias_hides_keeps_its_prefix() {
        assertThat(canonical("aws:DATABASE_URL")).hasToString("aws:DATABASE_URL");
        assertThat(catalog.addressedBackend(canonical("DATABASE_URL"))).isNull();
        assertThat(catalog.addressedBackend(canonical("aws:DATABASE_URL"))).isEqualTo("aws");
    }

    @Test
    void a_backend_that_is_not_enabled_is_refused() {
        assertThatThrownBy(() -> canonical("gcp:app")).isInstanceOf(InvalidReferenceException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcp:app", "aws:", "a//b", "app#", "app@"})
    void an_alias_of_nothing_is_refused_by_its_name(String target) {
        Map<String, NameTemplate> templates = Map.of("env", new NameTemplate("{name}", "x"));
        assertThatThrownBy(() -> new Catalog("env", templates, Map.of("BAD", target)))
                .isInstanceOf(InvalidReferenceException.class)
                .hasMessageStartingWith("postern.secrets.BAD: ");
    }

    @Test
    void lists_its_aliases_in_order() {
        assertThat(catalog.aliases())
                .extracting(SecretName::value)
                .containsExactly("DATABASE_URL", "PINNED", "SHORT", "app-alias");
    }

    private SecretRef canonical(String text) {
        return catalog.canonical(SecretRef.parse(text));
    }

    private Address locate(String text) {
        return catalog.locate(canonical(text));
    }

    private static Address address(String backend, String name, String property, String version) {
        return new Address(
                backend,
                new SecretName(name),
                property == null ? null : Property.parse(property),
                version == null ? null : new Version(version));
    }
}
