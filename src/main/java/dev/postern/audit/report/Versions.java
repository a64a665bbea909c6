package dev.postern.audit.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Since when secrets have had the version that was read last. A version that was there from a secret's first line on is
 * at least so old. Any other one is new since its first line. Memory is bounded as in {@link Tally}.
 */
final class Versions {
    private static final int MOST_VERSIONS = 8;

    private final Map<String, Secret> secrets = new HashMap<>();
    private long characters;
    private long others;

    /**
     * @param since when the version was first read
     * @param atLeast whether the version may be older than that
     */
    record Age(String secret, String version, Instant since, boolean atLeast) {}

    void add(Event event) {
        if (!event.isRead()
                || !event.succeeded()
                || event.secret() == null
                || !event.fields().containsKey("postern.version")) {
            return;
        }
        String name = base(event.secretText());
        Secret secret = secrets.get(name);
        if (secret == null) {
            if (secrets.size() >= Tally.MOST_KINDS || characters + name.length() > Tally.MOST_CHARACTERS) {
                others++;
                return;
            }
            characters += name.length();
            secret = new Secret();
            secrets.put(name, secret);
        }
        secret.add(event.text("postern.version"), event.time());
    }

    /** The secret that a field belongs to. */
    static String base(String secret) {
        int field = secret.indexOf('#');
        return field < 0 ? secret : secret.substring(0, field);
    }

    List<Age> ages() {
        List<Age> ages = new ArrayList<>();
        secrets.forEach((name, secret) -> ages.add(secret.age(name)));
        return ages;
    }

    /** How many reads are of secrets beyond the bound. */
    long others() {
        return others;
    }

    private static final class Secret {
        private final Map<String, Instant> firsts = new LinkedHashMap<>();
        private String current = "";
        private Instant latest = Instant.MIN;
        private String first = "";

        void add(String version, Instant time) {
            if (firsts.isEmpty()) {
                first = version;
            }
            Instant known = firsts.get(version);
            if (known == null || time.isBefore(known)) {
                if (known == null && firsts.size() == MOST_VERSIONS) {
                    firsts.remove(firsts.keySet().iterator().next());
                }
                firsts.put(version, time);
            }
            if (!time.isBefore(latest)) {
                latest = time;
                current = version;
            }
        }

        Age age(String name) {
            return new Age(name, current, firsts.getOrDefault(current, latest), current.equals(first));
        }
    }
}
