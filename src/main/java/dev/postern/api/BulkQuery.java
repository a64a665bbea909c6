package dev.postern.api;

import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import java.util.LinkedHashMap;
import java.util.Map;

/** The query of a bulk read: {@code name=A&name=B}. */
final class BulkQuery {
    /** How many secrets one request may ask for. */
    static final int MAX_NAMES = 100;

    private BulkQuery() {}

    /**
     * Parses the query into references in its order, keyed by the decoded names. The syntax is that of the
     * configuration: {@code [backend:]name[#property][@version]}.
     *
     * @throws InvalidReferenceException if a name is missing, invalid or repeated, if there is any other parameter, or
     *     if there are more than {@value #MAX_NAMES} names
     */
    static Map<String, SecretRef> parse(String text) {
        Map<String, SecretRef> names = new LinkedHashMap<>();
        for (String parameter : text.split("&", -1)) {
            if (!parameter.startsWith("name=")) {
                throw new InvalidReferenceException("the query may only have name");
            }
            if (names.size() == MAX_NAMES) {
                throw new InvalidReferenceException("the query has more than " + MAX_NAMES + " names");
            }
            String name = Query.decode(parameter.substring("name=".length()));
            if (names.put(name, parse(names.size() + 1, name)) != null) {
                throw new InvalidReferenceException("the query repeats a name");
            }
        }
        return names;
    }

    private static SecretRef parse(int number, String name) {
        try {
            return SecretRef.parse(name);
        } catch (InvalidReferenceException e) {
            throw new InvalidReferenceException("of the names in the query, number " + number + ": " + e.getMessage());
        }
    }
}
