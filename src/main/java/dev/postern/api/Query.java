package dev.postern.api;

import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.PercentEncoding;
import dev.postern.secret.Property;
import dev.postern.secret.Version;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request for one secret.
 *
 * @param property the property to read, or null for the whole secret
 * @param version the version to read, or null for the current one
 * @param refresh whether to ask the backend now
 * @param waiting how long to wait for a value that the caller does not have yet
 */
record Query(@Nullable Property property, @Nullable Version version, boolean refresh, Duration waiting) {
    /** Shorter than the idle timeout of connections, which would end the wait. */
    private static final int MAX_WAIT_SECONDS = 60;

    private static final Query NONE = new Query(null, null, false, Duration.ZERO);

    /** @throws InvalidReferenceException if the query has an unknown, repeated or malformed parameter */
    static Query parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        String property = null;
        String version = null;
        String refresh = null;
        String waiting = null;
        for (String parameter : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : decode(parameter.substring(equals + 1));
            switch (name) {
                case "property" -> property = once(property, value);
                case "version" -> version = once(version, value);
                case "refresh" -> refresh = once(refresh, value);
                case "wait" -> waiting = once(waiting, value);
                default ->
                    throw new InvalidReferenceException("the query may only have property, version, refresh and wait");
            }
        }
        return new Query(
                property == null ? null : Property.parse(property),
                version == null ? null : new Version(version),
                refresh != null && isTrue(refresh),
                waiting == null ? Duration.ZERO : seconds(waiting));
    }

    /** Decodes a query value once. */
    static String decode(String value) {
        return PercentEncoding.decode(value.replace('+', ' '));
    }

    private static String once(@Nullable String before, String value) {
        if (before != null) {
            throw new InvalidReferenceException("the query repeats a parameter");
        }
        return value;
    }

    private static boolean isTrue(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidReferenceException("refresh must be true or false");
        };
    }

    private static Duration seconds(String value) {
        if (value.matches("[0-9]{1,2}s")) {
            int seconds = Integer.parseInt(value.substring(0, value.length() - 1));
            if (seconds <= MAX_WAIT_SECONDS) {
                return Duration.ofSeconds(seconds);
            }
        }
        throw new InvalidReferenceException("wait must be between 0s and " + MAX_WAIT_SECONDS + "s");
    }
}
