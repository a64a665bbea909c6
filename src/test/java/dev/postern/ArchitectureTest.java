package dev.postern;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.postern.backend.SecretBackend;
import dev.postern.config.KnownSettings;
import io.smallrye.config.ConfigMapping;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the table of packages in docs/architecture.md. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.postern");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "concurrent | ",
                "completion | ",
                "config  | ",
                "secret  | config",
                "watch   | concurrent",
                "net     | watch config",
                "caller  | watch net config concurrent",
                "policy  | caller secret watch config",
                "audit   | caller policy secret config concurrent",
                "backend | secret watch net config concurrent",
                "cache   | secret backend config concurrent",
                "access  | caller policy secret cache backend audit concurrent",
                "api     | access caller secret cache config concurrent",
                "files   | access api caller secret cache config concurrent",
                "check   | api files caller policy secret cache backend audit config",
            })
    void a_package_uses_what_the_table_says(String own, String others) {
        List<String> allowed = Stream.concat(
                        Stream.of(own), others == null ? Stream.of() : Arrays.stream(others.split(" ", -1)))
                .map(name -> "dev.postern." + name)
                .toList();
        noClasses()
                .that()
                .resideInAPackage("dev.postern." + own + "..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are ours and outside " + allowed, type -> isOurs(type) && !isIn(allowed, type)))
                .check(OURS);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith("dev.postern");
    }

    private static boolean isIn(List<String> packages, JavaClass type) {
        return packages.stream().anyMatch(name -> (type.getPackageName() + ".").startsWith(name + "."));
    }

    @Test
    void nobody_but_the_program_knows_how_it_is_put_together() {
        noClasses()
                .that()
                .resideInAPackage("dev.postern.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.postern")
                .check(OURS);
    }

    @Test
    void every_group_of_settings_is_known() {
        assertThat(KnownSettings.load().groups())
                .extracting(Class::getName)
                .containsExactlyInAnyOrderElementsOf(OURS.stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .map(JavaClass::getName)
                        .toList());
    }

    @Test
    void nobody_knows_a_particular_backend() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.postern.backend.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.postern.backend.*..")
                .check(OURS);
    }

    @Test
    void backends_do_not_know_each_other() {
        slices().matching("dev.postern.backend.(*)..")
                .should()
                .notDependOnEachOther()
                .check(OURS);
    }

    @Test
    void a_backend_has_a_package_of_its_own() {
        classes()
                .that()
                .implement(SecretBackend.class)
                .should()
                .resideInAPackage("dev.postern.backend.*")
                .check(OURS);
    }
}
