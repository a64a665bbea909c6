package dev.postern.completion;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: prints what a shell evaluates to complete this command line. */
@Command(
        name = "completion",
        description = {"Print the completion for a shell.", "For example: source <(postern completion bash)"})
public final class CompletionCommand implements Callable<Integer> {
    private final PrintStream out;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    /** @param out receives the completion */
    public CompletionCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        out.print(
                switch (shell) {
                    case bash -> AutoComplete.bash(root.getCommandName(), root);
                    case fish -> FishCompletion.of(root.getCommandSpec());
                    case zsh -> ZshCompletion.of(root.getCommandSpec());
                });
        return 0;
    }

    /** Lower case, as on the command line. */
    private enum Shell {
        bash,
        fish,
        zsh
    }
}
