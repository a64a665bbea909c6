package dev.postern;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.postern.backend.SecretBackend;
import java.util.Arrays;
import java.util.stream.Stream;

/** Holds the table of packages in docs/architecture.md. */
@AnalyzeClasses(packages = "dev.postern", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule secret = uses("secret");

    @ArchTest
    static final ArchRule caller = uses("caller", "watch");

    @ArchTest
    static final ArchRule policy = uses("policy", "caller", "secret");

    @ArchTest
    static final ArchRule audit = uses("audit", "caller", "secret");

    @ArchTest
    static final ArchRule backend = uses("backend", "secret", "watch");

    @ArchTest
    static final ArchRule cache = uses("cache", "secret", "backend");

    @ArchTest
    static final ArchRule watch = uses("watch");

    @ArchTest
    static final ArchRule config = uses("config");

    @ArchTest
    static final ArchRule api = uses("api", "caller", "policy", "secret", "cache", "backend", "audit");

    @ArchTest
    static final ArchRule nobody_uses_the_program = noClasses()
            .that()
            .resideOutsideOfPackage("dev.postern")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.postern");

    @ArchTest
    static final ArchRule nobody_knows_a_particular_backend = noClasses()
            .that()
            .resideOutsideOfPackage("dev.postern.backend.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.postern.backend.*..");

    @ArchTest
    static final ArchRule backends_do_not_know_each_other =
            slices().matching("dev.postern.backend.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule a_backend_is_in_a_package_of_its_own =
            classes().that().implement(SecretBackend.class).should().resideInAPackage("dev.postern.backend.*");

    private static ArchRule uses(String own, String... others) {
        String[] allowed = Stream.concat(Stream.of(own), Arrays.stream(others))
                .map(name -> "dev.postern." + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("dev.postern." + own + "..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of ours and not in " + Arrays.toString(allowed),
                        type -> type.getPackageName().startsWith("dev.postern")
                                && Arrays.stream(allowed)
                                        .noneMatch(
                                                name -> PackageMatcher.of(name).matches(type.getPackageName()))));
    }
}
