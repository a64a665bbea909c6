package dev.postern.config;

import io.smallrye.config.ConfigMappings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The settings that exist. Finding them needs neither the framework nor a readable configuration.
 *
 * @param groups the interfaces whose methods are the settings, of all features and all kinds of backends
 */
public record KnownSettings(List<Class<?>> groups) {
    /** The names of the groups, one a line. */
    private static final String LIST = "/META-INF/postern/settings";

    /** The settings of this program. */
    public static KnownSettings load() {
        try (InputStream in = Objects.requireNonNull(KnownSettings.class.getResourceAsStream(LIST), LIST)) {
            return new KnownSettings(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .<Class<?>>map(KnownSettings::group)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("the program is incomplete", e);
        }
    }

    private static Class<?> group(String name) {
        try {
            return Class.forName(name, false, KnownSettings.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the program is incomplete", e);
        }
    }

    /** The names of all settings, with {@code *} for the key of a map. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Class<?> group : groups) {
            names.addAll(ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(group))
                    .keySet());
        }
        return names;
    }

    /** The names directly below {@code prefix} that are prefixes of groups. */
    public Set<String> groupsBelow(String prefix) {
        return groups.stream()
                .map(Settings::prefix)
                .filter(name -> name.startsWith(prefix + "."))
                .map(name -> name.substring(prefix.length() + 1))
                .filter(name -> name.indexOf('.') < 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
