package dev.postern.audit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The files that a command reads. */
public final class AuditFiles {
    private static final String STANDARD_INPUT = "-";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private List<String> names = List.of();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Audit files. As the only file, - is standard input.")
    void names(List<String> given) {
        if (given.contains(STANDARD_INPUT) && given.size() > 1) {
            throw refusal("standard input cannot be combined with files");
        }
        for (String name : given) {
            if (!name.equals(STANDARD_INPUT)) {
                checkFile(name);
            }
        }
        names = given;
    }

    private void checkFile(String name) {
        Path path = path(name);
        if (!Files.exists(path)) {
            throw refusal(name + " does not exist");
        }
        if (Files.isDirectory(path)) {
            throw refusal(name + " is a directory, not a file");
        }
        if (!Files.isReadable(path)) {
            throw refusal(name + " is not readable by this user");
        }
    }

    public List<String> names() {
        return names;
    }

    /** @throws ParameterException if the file no longer exists */
    @SuppressWarnings("resource") // The caller closes it.
    public LineReader open(String name) throws IOException {
        try {
            return reader(name);
        } catch (NoSuchFileException e) {
            throw refusal(name + " does not exist");
        }
    }

    /** Rejects the command line or what it names. */
    public ParameterException refusal(String why) {
        return new ParameterException(command.commandLine(), why);
    }

    static LineReader reader(String name) throws IOException {
        InputStream in = name.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(path(name));
        return new LineReader(in);
    }

    static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(name + " is not a file name");
        }
    }
}
