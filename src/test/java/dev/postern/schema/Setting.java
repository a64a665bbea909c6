package dev.postern.schema;

import dev.postern.config.KnownSettings;
import io.smallrye.config.ConfigMappingInterface;
import io.smallrye.config.ConfigMappings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A setting, as the mapping that reads it declares it.
 *
 * @param name the name in the file, with {@code *} for the key of a map
 * @param type the type of the value, or of the elements of a list
 * @param isList whether it has several values
 * @param isRequired whether it must have a value
 * @param byDefault the default, perhaps an expression such as <code>${VAULT_ADDR:}</code>; empty if there is none
 */
record Setting(String name, Class<?> type, boolean isList, boolean isRequired, String byDefault) {
    private static final String BACKENDS = "postern.backends";
    private static final String ANY_KIND = BACKENDS + ".*.";

    /** All settings by name. Those that all kinds of backends share are there once for each kind. */
    static SortedMap<String, Setting> all() {
        Set<String> kinds = kinds();
        SortedMap<String, Setting> settings = new TreeMap<>();
        for (Class<?> group : KnownSettings.load().groups()) {
            ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(group))
                    .forEach((name, property) -> {
                        if (name.endsWith("[*]")) {
                            return;
                        }
                        for (String each : names(name, kinds)) {
                            settings.put(each, of(each, property));
                        }
                    });
        }
        return settings;
    }

    /** The kinds of backends. */
    static Set<String> kinds() {
        return KnownSettings.load().groupsBelow(BACKENDS);
    }

    /** The name with {@code *} for the kind of backend, as in the rows for all kinds. */
    static String forAnyKind(String name) {
        return name.replaceFirst("^postern\\.backends\\.[a-z]+\\.", ANY_KIND);
    }

    private static Set<String> names(String name, Set<String> kinds) {
        return name.startsWith(ANY_KIND)
                ? kinds.stream()
                        .map(kind -> BACKENDS + "." + kind + "." + name.substring(ANY_KIND.length()))
                        .collect(Collectors.toSet())
                : Set.of(name);
    }

    private static Setting of(String name, ConfigMappingInterface.Property property) {
        Type type = property.getMethod().getGenericReturnType();
        String byDefault = property.hasDefaultValue() ? property.getDefaultValue() : "";
        boolean isRequired = byDefault.isEmpty();
        boolean isList = false;
        while (type instanceof ParameterizedType outer) {
            Class<?> container = (Class<?>) outer.getRawType();
            isRequired &= container != Optional.class && container != Map.class;
            isList |= Collection.class.isAssignableFrom(container);
            Type[] inner = outer.getActualTypeArguments();
            type = inner[inner.length - 1];
        }
        return new Setting(name, (Class<?>) type, isList, isRequired, byDefault);
    }

    /** Whether the default comes from environment variables. */
    boolean isFromEnvironment() {
        return byDefault.startsWith("${");
    }

    /** The default that is a value; empty if there is none. */
    String literalDefault() {
        return isFromEnvironment() ? "" : byDefault;
    }
}
