package dev.postern.completion;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What the shells' completions have in common. */
final class CommandModel {
    private CommandModel() {}

    static List<CommandSpec> subcommands(CommandSpec command) {
        // Only once each: a command is also there under its aliases.
        return Set.copyOf(command.subcommands().values()).stream()
                .map(CommandLine::getCommandSpec)
                .sorted(Comparator.comparing(CommandSpec::name))
                .toList();
    }

    static String description(CommandSpec command) {
        return firstSentence(command.usageMessage().description());
    }

    static String description(ArgSpec argument) {
        return firstSentence(argument.description())
                .replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates(argument)));
    }

    /** The words that it may be; empty if it may be anything. */
    static List<String> candidates(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        return candidates == null
                ? List.of()
                : StreamSupport.stream(candidates.spliterator(), false).toList();
    }

    static boolean isFile(ArgSpec argument) {
        return argument.paramLabel().startsWith("FILE");
    }

    private static String firstSentence(String[] description) {
        String text = description.length == 0 ? "" : description[0];
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }
}
