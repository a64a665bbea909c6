package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;

import dev.postern.secret.Secret;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Storing, purging, expiring and reading one secret at the same time has the outcome of some order of them.
 *
 * <p>Run by {@link StoreLincheckTest} in a process of its own: Lincheck rewrites every class that is loaded.
 */
@Param(name = "version", gen = IntGen.class, conf = "1:3")
public class StoreLincheck {
    private static final String ERASED = "erased";
    private static final Lifetime LIFETIME = new Lifetime(10, 8, 10);

    private static final CacheConfig CONFIG = TestCacheConfig.of("max-entries", "10");

    private final AtomicLong time = new AtomicLong();
    private final Store store = new Store(CONFIG, time::get, lost -> {});

    /** What a flight does when it has landed. */
    @Operation
    public void store(@Param(name = "version") int version) {
        Entry entry =
                new Entry(new Secret(new byte[] {(byte) version}, null, null), Instant.EPOCH, time.get(), LIFETIME, 0);
        synchronized (store) {
            store.put(KEY, entry);
        }
        entry.release();
    }

    /** What a flight does when it has found the secret gone. */
    @Operation
    public void purge() {
        synchronized (store) {
            store.purge(KEY);
        }
    }

    @Operation
    public void expire() {
        time.addAndGet(LIFETIME.keepNanos());
        store.cleanUp();
    }

    /** What a request does; the bytes must stay as long as it holds them. */
    @Operation
    public String read() {
        Entry entry = store.hold(KEY);
        if (entry == null) {
            return null;
        }
        byte version = entry.secret().value()[0];
        entry.release();
        return version == 0 ? ERASED : "version " + version;
    }

    /** Ends with an error if it finds an outcome that no order has. */
    public static void main(String[] arguments) {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(StoreLincheck.class);
    }
}
