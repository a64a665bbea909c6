package dev.postern.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.PosternSources;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that editors use, the settings and the documents are one. */
class SettingsSchemaTest {
    private static final Path SCHEMA = Path.of("docs/postern.schema.json");
    private static final String REMAKE = "./mvnw test -Dtest=SettingsSchemaTest -Dpostern.schema.write";

    private static final SortedMap<String, Setting> SETTINGS = Setting.all();

    @Test
    void the_schema_is_what_the_settings_and_the_documents_make() throws IOException {
        String made = new SettingsSchema().text();
        if (System.getProperty("postern.schema.write") != null) {
            Files.writeString(SCHEMA, made);
        }
        assertThat(Files.readString(SCHEMA)).as("to remake it: " + REMAKE).isEqualTo(made);
    }

    @Test
    void every_setting_has_a_row_in_the_reference_or_on_the_page_of_its_backend() {
        Set<String> documented = SettingRow.all().stream()
                .filter(row -> row.page().equals(SettingRow.REFERENCE)
                        || row.setting().startsWith("postern.backends." + kind(row) + "."))
                .map(SettingRow::setting)
                .collect(Collectors.toSet());
        assertThat(SETTINGS.keySet())
                .allMatch(name -> documented.contains(name) || documented.contains(Setting.forAnyKind(name)));
    }

    static Iterable<SettingRow> rows() {
        return SettingRow.all();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_is_about_a_setting_and_tells_its_default_and_variables(SettingRow row) {
        Setting setting = SETTINGS.get(row.setting().replace("backends.*", "backends.env"));
        assertThat(setting).as("there is no such setting").isNotNull();
        assertThat(row.literalDefault()).isEqualTo(setting.literalDefault());
        if (setting.isFromEnvironment()) {
            assertThat(row.variables())
                    .isEqualTo(Pattern.compile("[A-Z][A-Z_]+")
                            .matcher(setting.byDefault())
                            .results()
                            .map(MatchResult::group)
                            .collect(Collectors.toCollection(TreeSet::new)));
        } else {
            assertThat(row.variables()).allMatch(variable -> sets(variable, setting.name()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"300", "0s", "250ms", "30s", "5m", "1h", "720h", "1h30m", "1h2s", "10m5s", "2d"})
    void a_duration_that_people_write_is_one_in_the_schema_and_the_program(String text) {
        assertThat(text).matches(SettingsSchema.DURATION);
        assertThat(new DurationConverter().convert(text)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "1w", "1h 30m", "30 s", "30m1h", "1d1h", "1ms2s", "ms", "30sec", ""})
    void what_the_program_takes_for_no_duration_is_none_in_the_schema(String text) {
        assertThat(text).doesNotMatch(SettingsSchema.DURATION);
        assertThat(isConverted(() -> new DurationConverter().convert(text))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "16M", "256k", "1G", "100B"})
    void a_size_is_one_in_the_schema_and_the_program(String text) {
        assertThat(text).matches(SettingsSchema.SIZE);
        assertThat(new MemorySizeConverter().convert(text)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"16MB", "16MiB", "1.5M", "-1", "16 M", "lots"})
    void what_the_program_takes_for_no_size_is_none_in_the_schema(String text) {
        assertThat(text).doesNotMatch(SettingsSchema.SIZE);
        assertThat(isConverted(() -> new MemorySizeConverter().convert(text))).isFalse();
    }

    private static boolean sets(String variable, String setting) {
        return PosternSources.all(Optional.empty(), Map.of(variable, "x")).stream()
                .anyMatch(source -> "x".equals(source.getValue(setting)));
    }

    private static boolean isConverted(Supplier<Object> conversion) {
        try {
            return conversion.get() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String kind(SettingRow row) {
        return Path.of(row.page()).getFileName().toString().replaceFirst("\\.md$", "");
    }
}
