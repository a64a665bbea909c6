package dev.postern.api.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.secret.Address;
import dev.postern.secret.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of versions that Vault's clients expect. They are the manager's own if it numbers versions. Otherwise,
 * the number is the second in which this process first saw the value: it rises with each change and each restart.
 */
final class VersionNumbers {
    private static final int REMEMBERED = 10_000;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final InstantSource clock;
    private final Cache<Address, Numbered> numbers =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    VersionNumbers(InstantSource clock) {
        this.clock = clock;
    }

    Numbered of(Address address, Secret secret) {
        Instant created = secret.createdAt();
        long own = secret.version() == null ? 0 : number(secret.version().value());
        if (own > 0 && created != null) {
            return new Numbered(own, created, "");
        }
        Numbered seen = numbers.asMap()
                .compute(
                        address,
                        (key, last) -> last != null && last.tag().equals(secret.tag()) ? last : next(last, secret));
        return new Numbered(own > 0 ? own : seen.value(), created == null ? seen.since() : created, "");
    }

    private Numbered next(@Nullable Numbered last, Secret secret) {
        Instant now = clock.instant();
        long number = Math.max(now.getEpochSecond(), last == null ? 0 : last.value() + 1);
        return new Numbered(number, now, secret.tag());
    }

    /** The version as a number, or 0 if it is none. */
    private static long number(String version) {
        return NUMBER.matcher(version).matches() ? Long.parseLong(version) : 0;
    }

    /**
     * A version.
     *
     * @param since when it was created, or first seen
     * @param tag identifies its value, where that is needed
     */
    record Numbered(long value, Instant since, String tag) {}
}
