package dev.postern.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The fault of an unknown key or variable, with the setting that its author may have meant. */
public final class UnknownSetting {
    private static final int MAX_EDITS = 2;
    /** A part of a name may have one wrong letter in three. More would find a likeness anywhere. */
    private static final int LETTERS_PER_EDIT = 3;

    private UnknownSetting() {}

    /**
     * The fault of a key in the file, in one line.
     *
     * @param settings the names of all settings, with {@code *} for the key of a map
     */
    static String key(String name, Collection<String> settings) {
        return fault(name, ".", settings.stream());
    }

    /**
     * The fault of an environment variable, in one line.
     *
     * @param settings the names of all settings, with {@code *} for the key of a map
     */
    public static String variable(String name, Collection<String> settings) {
        return fault(
                name,
                "_",
                settings.stream()
                        .map(setting -> setting.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_")));
    }

    private static String fault(String name, String separator, Stream<String> known) {
        String[] parts = split(name, separator);
        Optional<String> nearest = known.flatMap(
                        setting -> Candidate.of(parts, split(setting, separator), separator).stream())
                .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .map(Candidate::name);
        return name + ": there is no such setting"
                + nearest.map(other -> "; did you mean " + other + "?").orElse("");
    }

    private static String[] split(String name, String separator) {
        return name.split("[" + separator + "]", -1);
    }

    /** A setting that is much like the name. */
    private record Candidate(String name, int edits) {
        /** Empty if the setting is too different. */
        static Optional<Candidate> of(String[] parts, String[] setting, String separator) {
            if (parts.length != setting.length) {
                return Optional.empty();
            }
            List<String> meant = Arrays.asList(setting.clone());
            int edits = 0;
            for (int i = 0; i < parts.length; i++) {
                if (setting[i].equals("*")) {
                    meant.set(i, parts[i]);
                    continue;
                }
                int limit = setting[i].length() / LETTERS_PER_EDIT;
                if (Math.abs(parts[i].length() - setting[i].length()) > limit) {
                    return Optional.empty();
                }
                int more = distance(parts[i], setting[i]);
                if (more > limit) {
                    return Optional.empty();
                }
                edits += more;
            }
            return edits > MAX_EDITS
                    ? Optional.empty()
                    : Optional.of(new Candidate(String.join(separator, meant), edits));
        }

        /** How many letters are missing, wrong, too many, or swapped with the next. */
        private static int distance(String one, String other) {
            int[][] edits = new int[one.length() + 1][other.length() + 1];
            for (int i = 0; i <= one.length(); i++) {
                for (int j = 0; j <= other.length(); j++) {
                    if (i == 0 || j == 0) {
                        edits[i][j] = i + j;
                        continue;
                    }
                    int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                    edits[i][j] = Math.min(edits[i - 1][j - 1] + same, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                    boolean swapped = i > 1
                            && j > 1
                            && one.charAt(i - 1) == other.charAt(j - 2)
                            && one.charAt(i - 2) == other.charAt(j - 1);
                    if (swapped) {
                        edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                    }
                }
            }
            return edits[one.length()][other.length()];
        }
    }
}
