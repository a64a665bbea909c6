package dev.postern.completion;

import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * For <a href="https://zsh.sourceforge.io/Doc/Release/Completion-System.html">zsh</a>: one function for each command,
 * which {@code _arguments} of the command above it hands over to. As a file it is named {@code _postern}; it may also
 * be sourced.
 */
final class ZshCompletion {
    private final StringBuilder text = new StringBuilder("#compdef postern\n");

    private ZshCompletion() {}

    static String of(CommandSpec root) {
        ZshCompletion completion = new ZshCompletion();
        completion.add(root, "_postern");
        return completion.text.append("""

                        if [ "$funcstack[1]" = _postern ]; then
                          _postern "$@"
                        else
                          compdef _postern postern
                        fi
                        """).toString();
    }

    private void add(CommandSpec command, String function) {
        List<CommandSpec> subcommands = CommandModel.subcommands(command);
        subcommands.forEach(subcommand -> add(subcommand, function + "_" + subcommand.name()));
        text.append('\n').append(function).append("() {\n");
        text.append("  local line state\n  local -a commands\n  _arguments -C");
        for (OptionSpec option : command.options()) {
            String description = "[" + escaped(CommandModel.description(option), "[]") + "]";
            String value = option.arity().max() == 0 ? "" : "=" + description + value(option);
            specification(option.longestName() + (value.isEmpty() ? description : value));
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            specification((parameter.arity().max() > 1 ? "*" : "1") + value(parameter));
        }
        if (!subcommands.isEmpty()) {
            specification("1: :->command");
            specification("*:: :->arguments");
        }
        text.append('\n');
        if (!subcommands.isEmpty()) {
            handOver(subcommands, function);
        }
        text.append("}\n");
    }

    private void handOver(List<CommandSpec> subcommands, String function) {
        text.append("  case $state in\n    command)\n      commands=(");
        for (CommandSpec subcommand : subcommands) {
            text.append(quoted(subcommand.name() + ":" + CommandModel.description(subcommand)))
                    .append(' ');
        }
        text.append(")\n      _describe command commands\n      ;;\n    arguments)\n      (( $+functions[")
                .append(function)
                .append("_$line[1]] )) && ")
                .append(function)
                .append("_$line[1]\n      ;;\n  esac\n");
    }

    private void specification(String specification) {
        text.append(" \\\n    ").append(quoted(specification));
    }

    private static String value(ArgSpec argument) {
        List<String> candidates = CommandModel.candidates(argument);
        String action = candidates.isEmpty()
                ? CommandModel.isFile(argument) ? "_files" : " "
                : "(" + String.join(" ", candidates) + ")";
        return ":" + escaped(argument.paramLabel(), ":") + ":" + action;
    }

    private static String escaped(String text, String special) {
        String escaped = text.replace("\\", "\\\\");
        for (int i = 0; i < special.length(); i++) {
            escaped = escaped.replace(special.substring(i, i + 1), "\\" + special.charAt(i));
        }
        return escaped;
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
