package dev.postern.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A row about one setting, in a table of the documents.
 *
 * @param page the page, from the root of the repository
 * @param heading the heading over the table
 * @param setting the setting, with {@code *} for the key of a map
 * @param variable the variables that also set it, in Markdown; empty if there are none
 * @param byDefault the default, in Markdown; empty if there is none
 * @param meaning what it is, in Markdown
 */
record SettingRow(String page, String heading, String setting, String variable, String byDefault, String meaning) {
    static final String REFERENCE = "docs/configuration.md";

    /** What the first column of a table of settings is called. */
    private static final Set<String> FIRST_COLUMNS = Set.of("key", "setting");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** The rows of the reference, then those of the other pages. */
    static List<SettingRow> all() {
        try (Stream<Path> pages = Files.walk(Path.of("docs"), 2)) {
            List<SettingRow> rows = new ArrayList<>(of(REFERENCE));
            pages.map(Path::toString)
                    .filter(page -> page.endsWith(".md") && !page.equals(REFERENCE))
                    .sorted()
                    .forEach(page -> rows.addAll(of(page)));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SettingRow> of(String page) {
        List<SettingRow> rows = new ArrayList<>();
        String heading = "";
        List<String> columns = List.of();
        for (String line : read(page).split("\n", -1)) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("^#+ +", "");
            } else if (!line.startsWith("|")) {
                columns = List.of();
            } else if (columns.isEmpty()) {
                columns = cells(line);
            } else if (FIRST_COLUMNS.contains(columns.get(0)) && !line.startsWith("|---")) {
                rows.add(of(page, heading, columns, cells(line)));
            }
        }
        return rows;
    }

    private static SettingRow of(String page, String heading, List<String> columns, List<String> cells) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            row.put(columns.get(i), cells.get(i));
        }
        return new SettingRow(
                page,
                heading,
                cells.get(0).replace("`", "").replaceAll("<[A-Za-z]+>", "*"),
                row.getOrDefault("variable", ""),
                row.getOrDefault("default", ""),
                row.getOrDefault("meaning", ""));
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    static String read(String page) {
        try {
            return Files.readString(Path.of(page));
        } catch (IOException e) {
            throw new UncheckedIOException(page, e);
        }
    }

    /** The variables that also set it. */
    TreeSet<String> variables() {
        return new TreeSet<>(
                CODE.matcher(variable).results().map(found -> found.group(1)).toList());
    }

    /** The default if the row says no more than that value, or says more only after a semicolon; or empty. */
    String literalDefault() {
        return Pattern.compile("`([^`]+)`(;.*)?")
                .matcher(byDefault)
                .results()
                .filter(found -> found.start() == 0 && found.end() == byDefault.length())
                .map((MatchResult found) -> found.group(1))
                .findFirst()
                .orElse("");
    }
}
