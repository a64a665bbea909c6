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
 * Which settings there are. It does not take a configuration that can be read to know them, nor the framework.
 *
 * @param groups the interfaces whose methods are the settings, of all features and all kinds of backends
 */
public record KnownSettings(List<Class<?>> groups) {
    /** The names of the groups, one in a line. */
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

    /** The names of all settings, in which {@code *} stands for a map's key. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Class<?> group : groups) {
            names.addAll(ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(group))
                    .keySet());
        }
        return names;
    }

    /** The names that come directly below {@code prefix} as prefixes of groups. */
    public Set<String> groupsBelow(String prefix) {
        return groups.stream()
                .map(Settings::prefix)
                .filter(name -> name.startsWith(prefix + "."))
                .map(name -> name.substring(prefix.length() + 1))
                .filter(name -> name.indexOf('.') < 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
