package dev.postern.audit.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words of a command line: options, which begin with two dashes, and files. */
final class Options {
    private final Map<String, String> values = new HashMap<>();
    private final List<String> files = new ArrayList<>();

    /**
     * @param flags the options that stand alone
     * @param valued the options that a value follows
     * @throws UsageException if there is any other, one twice, or no file
     */
    Options(List<String> words, Set<String> flags, Set<String> valued) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                files.add(word);
                continue;
            }
            if (!flags.contains(word) && !valued.contains(word)) {
                throw new UsageException("there is no option " + word);
            }
            if (values.containsKey(word)) {
                throw new UsageException(word + " is there twice");
            }
            if (valued.contains(word) && i + 1 == words.size()) {
                throw new UsageException(word + " needs a value");
            }
            values.put(word, valued.contains(word) ? words.get(++i) : "");
        }
        if (files.isEmpty()) {
            throw new UsageException("no file is given");
        }
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    List<String> files() {
        return files;
    }
}
