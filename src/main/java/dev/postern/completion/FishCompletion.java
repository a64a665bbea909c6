package dev.postern.completion;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** For <a href="https://fishshell.com/docs/current/completions.html">fish</a>. Every subcommand's name is its own. */
final class FishCompletion {
    private final StringBuilder text = new StringBuilder();

    private FishCompletion() {}

    static String of(CommandSpec root) {
        FishCompletion completion = new FishCompletion();
        completion.add(root, "");
        return completion.text.toString();
    }

    private void add(CommandSpec command, String seen) {
        List<CommandSpec> subcommands = CommandModel.subcommands(command);
        String here = subcommands.isEmpty() ? seen : seen + notSeen(subcommands);
        for (CommandSpec subcommand : subcommands) {
            line(here, "-f -a", quoted(subcommand.name()), "-d", quoted(CommandModel.description(subcommand)));
        }
        for (OptionSpec option : command.options()) {
            List<String> candidates = CommandModel.candidates(option);
            line(
                    here,
                    option.arity().max() == 0 ? "" : CommandModel.isFile(option) ? "-r -F" : "-x",
                    candidates.isEmpty() ? "" : "-a " + quoted(String.join(" ", candidates)),
                    "-l",
                    option.longestName().substring(2),
                    "-d",
                    quoted(CommandModel.description(option)));
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            List<String> candidates = CommandModel.candidates(parameter);
            line(here, candidates.isEmpty() ? "-F" : "-f -a " + quoted(String.join(" ", candidates)));
        }
        if (command.positionalParameters().isEmpty()) {
            line(here, "-f");
        }
        for (CommandSpec subcommand : subcommands) {
            add(subcommand, seen + "__fish_seen_subcommand_from " + subcommand.name() + "; and ");
        }
    }

    private static String notSeen(List<CommandSpec> subcommands) {
        return "not __fish_seen_subcommand_from "
                + String.join(" ", subcommands.stream().map(CommandSpec::name).toList())
                + "; and ";
    }

    private void line(String condition, String... words) {
        text.append("complete -c postern");
        if (!condition.isEmpty()) {
            text.append(" -n ").append(quoted(condition.substring(0, condition.length() - "; and ".length())));
        }
        for (String word : words) {
            if (!word.isEmpty()) {
                text.append(' ').append(word);
            }
        }
        text.append('\n');
    }

    private static String quoted(String word) {
        return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
