package dev.postern.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.postern.files.Signal;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The JSON Schema of the configuration file, for editors. What a setting may be comes from the mappings and from
 * {@link Ranges}. What it means comes from its row in the documents, which is what users read elsewhere.
 *
 * <p>It is of <a href="https://json-schema.org/draft-07">draft 7</a>, the newest that all editors know. It has no
 * references, because editors differ in what they make of a reference with a description.
 */
final class SettingsSchema {
    /** Without signs and in one spelling; the program knows a few more. */
    static final String DURATION = "^([0-9]+(ms|d)?|[0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$";

    static final String SIZE = "^[0-9]+[BKMGTPEZYbkmgtpezy]?$";

    private static final String ROOT = "postern";

    private final SortedMap<String, Setting> settings = Setting.all();
    private final Map<String, SettingRow> rows = new LinkedHashMap<>();
    private final Map<String, Ranges.Range> ranges;
    private final List<String> kinds;

    SettingsSchema() {
        SettingRow.all().forEach(row -> rows.putIfAbsent(row.setting(), row));
        Map<String, String> tooSmall = new HashMap<>();
        settings.values().forEach(setting -> {
            String value = tooSmall(setting.type());
            if (!value.isEmpty()) {
                tooSmall.put(setting.name().replace("*", "x"), value);
            }
        });
        ranges = Ranges.of(tooSmall);
        kinds = List.copyOf(Setting.kinds());
    }

    private static String tooSmall(Class<?> type) {
        if (type == int.class) {
            return String.valueOf(Integer.MIN_VALUE);
        }
        return type == Duration.class ? "-1s" : type == MemorySize.class ? "0" : "";
    }

    /** The schema as text. */
    String text() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "postern.yaml");
        root.put("$comment", "Made from the source by SettingsSchemaTest. Do not edit it.");
        root.putAll(object("", settings));
        root.remove("minProperties");
        StringWriter text = new StringWriter();
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(new DefaultIndenter("  ", "\n"));
        try (JsonGenerator json = new JsonFactory().createGenerator(text).setPrettyPrinter(printer)) {
            write(root, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void write(Object value, JsonGenerator json) throws IOException {
        if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : object.entrySet()) {
                json.writeFieldName((String) entry.getKey());
                write(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(element, json);
            }
            json.writeEndArray();
        } else {
            json.writePOJO(value);
        }
    }

    /** @param below the settings by the rest of their names, after {@code path} */
    private Map<String, Object> object(String path, SortedMap<String, Setting> below) {
        Map<String, Object> properties = new TreeMap<>();
        Map<String, Object> schema = new LinkedHashMap<>();
        String description = descriptionOfGroup(path);
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        List<String> required = new ArrayList<>();
        children(below).forEach((key, rest) -> {
            String name = path.isEmpty() ? key : path + "." + key;
            Setting setting = rest.get("");
            Object child = setting == null ? object(name, rest) : leaf(setting);
            if (key.equals("*")) {
                schema.put("additionalProperties", child);
            } else {
                properties.put(key, child);
            }
            if (setting != null && setting.isRequired()) {
                required.add(key);
            }
        });
        if (properties.isEmpty()) {
            schema.remove("properties");
        }
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("minProperties", 1);
        return schema;
    }

    private static SortedMap<String, SortedMap<String, Setting>> children(SortedMap<String, Setting> below) {
        SortedMap<String, SortedMap<String, Setting>> children = new TreeMap<>();
        below.forEach((name, setting) -> {
            String[] parts = name.split("\\.", 2);
            children.computeIfAbsent(parts[0], key -> new TreeMap<>()).put(parts.length == 1 ? "" : parts[1], setting);
        });
        return children;
    }

    private Map<String, Object> leaf(Setting setting) {
        Map<String, Object> schema = new LinkedHashMap<>();
        Ranges.Range range = ranges.get(setting.name().replace("*", "x"));
        schema.put("description", description(setting, range));
        if (setting.isList()) {
            schema.put("type", "array");
            schema.put("items", value(setting, range));
            schema.put("minItems", 1);
        } else {
            schema.putAll(value(setting, range));
        }
        if (!setting.literalDefault().isEmpty()) {
            schema.put("default", literal(setting));
        }
        return schema;
    }

    private Map<String, Object> value(Setting setting, Ranges.Range range) {
        Map<String, Object> schema = new LinkedHashMap<>();
        Class<?> type = setting.type();
        if (type == boolean.class || type == Boolean.class) {
            schema.put("type", "boolean");
        } else if (type == int.class) {
            schema.put("type", "integer");
            if (range != null) {
                schema.put("minimum", Long.valueOf(range.min()));
                schema.put("maximum", Long.valueOf(range.max()));
            }
        } else if (type == Duration.class) {
            textOrNumber(schema, DURATION, "must be a duration such as 30s", 0);
        } else if (type == MemorySize.class) {
            textOrNumber(schema, SIZE, "must be a size such as 16M", range == null ? 0 : Long.parseLong(range.min()));
        } else if (type == Signal.class) {
            schema.put("enum", Arrays.stream(Signal.values()).map(Signal::name).toList());
        } else if (type.isEnum()) {
            schema.put(
                    "enum",
                    Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'))
                            .toList());
        } else if (setting.name().endsWith(".backend")) {
            schema.put("enum", kinds);
        } else if (type == String.class) {
            // YAML without quotes makes a number of an id, such as a Google project's.
            schema.put("type", List.of("string", "integer"));
        } else {
            throw new IllegalStateException(setting.name() + ": how does a file hold a " + type + "?");
        }
        return schema;
    }

    private static void textOrNumber(Map<String, Object> schema, String pattern, String fault, long min) {
        schema.put("type", List.of("string", "integer"));
        schema.put("pattern", pattern);
        schema.put("patternErrorMessage", fault);
        schema.put("minimum", min);
    }

    private static Object literal(Setting setting) {
        String text = setting.literalDefault();
        if (setting.type() == boolean.class) {
            return Boolean.valueOf(text);
        }
        return setting.type() == int.class ? (Object) Integer.valueOf(text) : text;
    }

    private String description(Setting setting, Ranges.Range range) {
        SettingRow row = row(setting.name());
        StringBuilder text = new StringBuilder(sentence(row.meaning()));
        if (range != null && setting.type() != int.class && !range.max().equals(String.valueOf(Long.MAX_VALUE))) {
            text.append("\nBetween ")
                    .append(range.min())
                    .append(" and ")
                    .append(range.max())
                    .append('.');
        }
        if (setting.isFromEnvironment()) {
            text.append("\nDefault: the value of ").append(plain(row.variable()));
        } else if (!row.byDefault().isEmpty()) {
            text.append("\nDefault: ").append(plain(row.byDefault()));
        }
        if (!setting.isFromEnvironment() && !row.variable().isEmpty()) {
            text.append("\nThe variable ").append(plain(row.variable())).append(" overrides it.");
        }
        return text.toString();
    }

    /** The row of a setting, or else the one that is for all kinds of backends. */
    private SettingRow row(String setting) {
        SettingRow row = rows.getOrDefault(setting, rows.get(Setting.forAnyKind(setting)));
        if (row == null) {
            throw new IllegalStateException("the documents have no row for " + setting);
        }
        return row;
    }

    /** A group is described by the row of its values, by what enables it, or by a heading; empty if there is none. */
    private String descriptionOfGroup(String path) {
        if (path.equals(ROOT)) {
            return "The settings of Postern.";
        }
        if (rows.containsKey(path + ".*")) {
            return sentence(rows.get(path + ".*").meaning());
        }
        if (rows.containsKey(path + ".enabled")) {
            return sentence(rows.get(path + ".enabled").meaning());
        }
        if (path.startsWith("postern.backends.") && path.lastIndexOf('.') == "postern.backends".length()) {
            String page = SettingRow.read("docs/backends/" + path.substring(path.lastIndexOf('.') + 1) + ".md");
            return sentence(page.substring(2, page.indexOf('\n')));
        }
        return path.lastIndexOf('.') != ROOT.length()
                ? ""
                : rows.values().stream()
                        .filter(row -> row.setting().startsWith(path + "."))
                        .map(row -> sentence(row.heading()))
                        .findFirst()
                        .orElse("");
    }

    private static String sentence(String meaning) {
        String text = plain(meaning);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    /** A description is plain text. Links would lead nowhere from an editor. */
    private static String plain(String markdown) {
        return markdown.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("`", "");
    }
}
