package dev.postern.files;

import dev.postern.caller.Caller;
import dev.postern.config.FileSetting;
import dev.postern.config.InvalidSettingException;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file to render.
 *
 * @param secrets the canonical references by the names that the secrets have in the file
 * @param template the template, if that is the format
 * @param group the name of the group, or null for that of this process
 * @param removedIfMissing whether the file is removed when one of its secrets is denied or gone
 * @param onChange what tells the workload about a change, or null
 */
record Target(
        String name,
        Path path,
        Map<String, SecretRef> secrets,
        Format format,
        @Nullable Template template,
        Set<PosixFilePermission> mode,
        @Nullable String group,
        boolean removedIfMissing,
        boolean removedOnStop,
        @Nullable Notification onChange) {
    static final String PREFIX = "postern.files.";

    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern FILE = Pattern.compile("(?!\\.)[A-Za-z0-9_.-]+");

    /** @throws InvalidSettingException if a setting is invalid; the message names it */
    static Target of(String name, FilesConfig.Target config, Catalog catalog) {
        String prefix = PREFIX + name;
        check(NAME.matcher(name).matches(), prefix + ": a name may have letters, digits, _ and -");
        check(!config.secrets().isEmpty(), prefix + ".secrets: must name at least one secret");
        check(
                config.format() != Format.RAW || config.secrets().size() == 1,
                prefix + ".secrets: must name one secret for format raw");
        check(
                MODE.matcher(config.mode()).matches(),
                prefix + ".mode: must be octal, such as 0440, is " + config.mode());
        Map<String, SecretRef> secrets = new TreeMap<>();
        config.secrets().forEach((variable, text) -> {
            String setting = prefix + ".secrets." + variable;
            check(isName(config.format(), variable), setting + ": the name does not fit the format of the file");
            try {
                SecretRef canonical = catalog.canonical(SecretRef.parse(text));
                catalog.locate(canonical);
                secrets.put(variable, canonical);
            } catch (InvalidReferenceException e) {
                throw new InvalidSettingException(setting + ": " + e.getMessage());
            }
        });
        Path path = FileSetting.of(prefix + ".path", config.path()).path();
        return new Target(
                name,
                path,
                secrets,
                config.format(),
                template(prefix, config),
                permissions(Integer.parseInt(config.mode(), 8)),
                config.group().orElse(null),
                config.onMissing() == FilesConfig.OnMissing.REMOVE,
                config.removeOnStop(),
                onChange(prefix + ".on-change", config.onChange(), path));
    }

    private static @Nullable Notification onChange(String prefix, FilesConfig.OnChange config, Path file) {
        Signal signal = config.signal().orElse(null);
        String pidFile = config.pidFile().orElse(null);
        List<String> command = config.command().orElse(null);
        check((signal == null) == (pidFile == null), prefix + ": signal and pid-file must be set together");
        check(signal == null || command == null, prefix + ": must have a command or a signal, not both");
        if (signal != null && pidFile != null) {
            return new PidSignal(signal, FileSetting.of(prefix + ".pid-file", pidFile));
        }
        return command == null ? null : new Command(command, file, config.timeout());
    }

    private static @Nullable Template template(String prefix, FilesConfig.Target config) {
        String setting = prefix + ".template";
        boolean needed = config.format() == Format.TEMPLATE;
        String text = config.template().orElse(null);
        check(needed || text == null, setting + ": requires format: template");
        check(!needed || text != null, setting + ": must be set for format: template");
        return text == null
                ? null
                : Template.parse(setting, text, new TreeSet<>(config.secrets().keySet()));
    }

    private static boolean isName(Format format, String name) {
        return switch (format) {
            case DOTENV, SHELL, DOCKER -> VARIABLE.matcher(name).matches();
            case DIRECTORY -> FILE.matcher(name).matches();
            case RAW, JSON, YAML, PROPERTIES, TEMPLATE -> true;
        };
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new InvalidSettingException(otherwise);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] bits = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < bits.length; i++) {
            // Both run from the owner's permission to read to the others' permission to execute.
            if ((mode & (1 << (bits.length - 1 - i))) != 0) {
                set.add(bits[i]);
            }
        }
        return set;
    }

    /** Whether there is content, of this process or an earlier one. */
    boolean exists() {
        return Files.exists(format == Format.DIRECTORY ? path.resolve(DirectoryPlacing.DATA) : path);
    }

    /** What would be written, without a value. */
    String plan() {
        return "file " + name + ": " + path + ", " + format.name().toLowerCase(Locale.ROOT) + ", "
                + PosixFilePermissions.toString(mode) + (group == null ? "" : ", group " + group) + ", with "
                + String.join(", ", secrets.keySet());
    }

    /** Who reads the secrets, in the policy and in the audit log. */
    Caller caller() {
        return new Caller("files:" + name, Caller.INTERNAL);
    }
}
