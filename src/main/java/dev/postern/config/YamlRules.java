package dev.postern.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Rejects valid YAML that a reader would overlook and the framework would silently drop. A policy could vanish that
 * way, and everything would be allowed.
 */
final class YamlRules {
    private static final String ROOT = "postern";
    /** The names that the framework gives to the elements of lists. */
    private static final Pattern ELEMENT = Pattern.compile(".*\\[[0-9]+]");
    /** Nodes behind aliases count each time. More would be an attack or a mistake. */
    private static final int MAX_NODES = 1_000_000;

    /** The nodes on the way to the current one. */
    private final Set<Node> path = Collections.newSetFromMap(new IdentityHashMap<>());

    private int nodes;

    private YamlRules() {}

    /** @throws ConfigFileException if a rule is broken; the message continues "the configuration file ..." */
    static void check(Node root) {
        if (!(root instanceof MappingNode)) {
            throw new ConfigFileException("must have the top-level key " + ROOT);
        }
        new YamlRules().visit("", root);
    }

    private void visit(String name, Node node) {
        if (++nodes > MAX_NODES) {
            throw new ConfigFileException("is too large once its aliases are expanded");
        }
        if (!path.add(node)) {
            throw new ConfigFileException("has an alias that contains itself" + at(node));
        }
        if (node instanceof MappingNode mapping) {
            visitMapping(name, mapping);
        } else if (node instanceof SequenceNode list) {
            refuseEmpty(name, list.getValue().isEmpty());
            list.getValue().forEach(element -> visit(name, element));
        } else {
            refuseEmpty(name, node.getTag().equals(Tag.NULL));
        }
        path.remove(node);
    }

    private void visitMapping(String name, MappingNode mapping) {
        refuseEmpty(name, mapping.getValue().isEmpty());
        Set<String> keys = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            String key = key(entry.getKeyNode());
            if (key == null || ELEMENT.matcher(key).matches()) {
                throw new ConfigFileException("has a key that is not a name" + at(entry.getKeyNode()));
            }
            String full = name.isEmpty() ? key : name + "." + key;
            if (!keys.add(key)) {
                throw new ConfigFileException("has the key " + full + " twice" + at(entry.getKeyNode()));
            }
            if (name.isEmpty() && !key.equals(ROOT)) {
                throw new ConfigFileException(
                        "has the unknown key " + key + at(entry.getKeyNode()) + ": all settings are under " + ROOT);
            }
            visit(full, entry.getValueNode());
        }
    }

    /**
     * The key as the framework reads it, for which {@code A} and {@code "A"} with the quotes in the name are the same.
     */
    private static @Nullable String key(Node node) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
            return null;
        }
        String text = scalar.getValue();
        boolean quoted = text.length() > 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** A key without a value sets nothing and would vanish, such as a policy whose rules are all commented out. */
    private static void refuseEmpty(String name, boolean empty) {
        if (empty && !name.isEmpty()) {
            throw new ConfigFileException("has no value for " + name + ": give it one, or leave it out");
        }
    }

    private static String at(Node node) {
        return " at line " + (node.getStartMark().getLine() + 1);
    }
}
