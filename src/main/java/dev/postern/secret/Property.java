package dev.postern.secret;

import java.util.ArrayList;
import java.util.List;

/**
 * A field of a JSON secret, as the path to it.
 *
 * <p>It is written as the name of a top-level field or, with a leading slash, as a JSON Pointer (<a
 * href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901</a>). {@code KEY} and {@code /KEY} are the same property.
 *
 * @param path the reference tokens, unescaped, at least one
 */
public record Property(List<String> path) {
    public static final int MAX_LENGTH = 512;

    public Property {
        path = List.copyOf(path);
        if (path.isEmpty()) {
            throw new InvalidReferenceException("the property is empty");
        }
    }

    /** @throws InvalidReferenceException if the text is neither a field name nor a JSON Pointer */
    public static Property parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidReferenceException("the property is longer than " + MAX_LENGTH + " characters");
        }
        if (text.isEmpty()) {
            throw new InvalidReferenceException("the property is empty");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidReferenceException("the property has a control character");
        }
        return text.charAt(0) == '/' ? new Property(tokens(text)) : new Property(List.of(text));
    }

    private static List<String> tokens(String pointer) {
        List<String> tokens = new ArrayList<>();
        int start = 1;
        for (int slash = pointer.indexOf('/', start); slash >= 0; slash = pointer.indexOf('/', start)) {
            tokens.add(unescape(pointer.substring(start, slash)));
            start = slash + 1;
        }
        tokens.add(unescape(pointer.substring(start)));
        return tokens;
    }

    private static String unescape(String token) {
        for (int tilde = token.indexOf('~'); tilde >= 0; tilde = token.indexOf('~', tilde + 1)) {
            if (tilde + 1 == token.length() || (token.charAt(tilde + 1) != '0' && token.charAt(tilde + 1) != '1')) {
                throw new InvalidReferenceException("the property has a '~' that is not followed by 0 or 1 (RFC 6901)");
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }

    /** This property of the field at {@code outer}. */
    public Property within(Property outer) {
        List<String> joined = new ArrayList<>(outer.path);
        joined.addAll(path);
        return new Property(joined);
    }

    /** Whether this is {@code other} or contains it. */
    public boolean covers(Property other) {
        return other.path.size() >= path.size()
                && other.path.subList(0, path.size()).equals(path);
    }

    @Override
    public String toString() {
        if (path.size() == 1 && !path.get(0).isEmpty() && !path.get(0).startsWith("/")) {
            return path.get(0);
        }
        StringBuilder pointer = new StringBuilder();
        for (String token : path) {
            pointer.append('/').append(token.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
