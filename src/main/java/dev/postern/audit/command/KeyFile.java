package dev.postern.audit.command;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.ChainKey;
import dev.postern.config.FileSetting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The key of the chain that a command reads. */
public final class KeyFile {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--key-file", paramLabel = "FILE", description = "The key of the chain (postern.audit.key-file).")
    private @Nullable String file;

    public boolean isGiven() {
        return file != null;
    }

    /** @throws ParameterException if the key cannot be used */
    public ChainHash hash() {
        try {
            return file == null ? ChainHash.plain() : ChainKey.read(FileSetting.of("--key-file", file));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
