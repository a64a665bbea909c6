package dev.postern.backend;

import dev.postern.secret.Address;
import dev.postern.secret.Catalog;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the age of the secrets behind aliases, as far as backends report creation times. There is one gauge for
 * each alias, from the first read of its secret.
 */
public final class SecretAges {
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Map<Place, List<String>> aliases = new ConcurrentHashMap<>();
    private final Map<Place, Instant> created = new ConcurrentHashMap<>();

    public SecretAges(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Tracks the secrets that the aliases stand for. */
    public void watch(Catalog catalog) {
        for (SecretName alias : catalog.aliases()) {
            Address address = catalog.locate(new SecretRef(null, alias, null, null));
            aliases.merge(
                    new Place(address.backend(), address.name(), address.version()),
                    List.of(alias.value()),
                    SecretAges::join);
        }
    }

    private static List<String> join(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    void read(String kind, SecretName name, @Nullable Version version, Secret secret) {
        Place place = new Place(kind, name, version);
        List<String> names = aliases.get(place);
        if (names == null || secret.createdAt() == null) {
            return;
        }
        if (created.put(place, secret.createdAt()) == null) {
            names.forEach(alias -> Gauge.builder("postern.secret.age", () -> seconds(place))
                    .description("Age of the version of the secret that was read last")
                    .baseUnit("seconds")
                    .tag("alias", alias)
                    .register(registry));
        }
    }

    private double seconds(Place place) {
        Instant since = created.get(place);
        return since == null
                ? Double.NaN
                : Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }

    private record Place(
            String kind, SecretName name, @Nullable Version version) {}
}
