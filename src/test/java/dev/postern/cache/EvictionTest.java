package dev.postern.cache;

import static dev.postern.cache.CacheUnderTest.KEY;
import static dev.postern.cache.CacheUnderTest.MAX_STALE;
import static dev.postern.cache.CacheUnderTest.TTL;
import static dev.postern.cache.CacheUnderTest.join;
import static dev.postern.cache.CacheUnderTest.key;
import static dev.postern.cache.CacheUnderTest.secret;
import static dev.postern.cache.CacheUnderTest.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.Property;
import dev.postern.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of values that are no longer kept, and that no names, however many, use up the memory. */
class EvictionTest {
    private final CacheUnderTest test = new CacheUnderTest();

    @Test
    void a_value_that_is_replaced_is_overwritten() {
        Secret old = readAndRelease();
        test.cache.refresh(KEY).thenAccept(Lookup::release);
        assertErased(old);
    }

    @Test
    void a_value_that_is_purged_is_overwritten() {
        Secret old = readAndRelease();
        test.failure = new SecretNotFoundException("gone");
        test.cache.refresh(KEY);
        assertErased(old);
    }

    @Test
    void a_value_that_may_not_be_served_any_more_is_overwritten_though_nobody_reads() {
        Secret old = readAndRelease();
        test.pass(TTL.plus(MAX_STALE));
        test.cache.maintain();
        assertErased(old);
    }

    @Test
    void a_value_that_has_to_make_room_is_overwritten() {
        CacheUnderTest small = new CacheUnderTest("max-entries", "1");
        List<Secret> seen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Lookup lookup = small.read(key("n" + i, null));
            seen.add(lookup.secret());
            lookup.release();
        }
        assertThat(seen.stream().filter(secret -> secret.value()[0] != 0)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void a_value_that_is_not_kept_is_overwritten_when_it_has_been_answered() {
        CacheUnderTest none = new CacheUnderTest("ttl", "0s");
        Lookup lookup = none.read();
        assertThat(value(lookup)).isEqualTo("value of app");
        lookup.release();
        assertErased(lookup.secret());
    }

    @Test
    void a_value_that_an_answer_still_holds_is_not_overwritten() {
        Lookup first = test.read();
        Lookup second = test.read();
        first.release();
        first.release();
        test.cache.refresh(KEY).thenAccept(Lookup::release);
        assertThat(value(second)).isEqualTo("value of app");
        second.release();
        assertErased(second.secret());
    }

    @Test
    void everybody_who_waited_for_one_call_holds_its_value() {
        CacheUnderTest none = new CacheUnderTest("ttl", "0s");
        none.slow = true;
        CompletableFuture<Lookup> one = none.cache.load(KEY);
        CompletableFuture<Lookup> two = none.cache.load(KEY);
        CompletableFuture<Lookup> gone = none.cache.load(KEY);
        gone.cancel(true);
        none.pending.get(0).complete(secret("x", null));
        join(one).release();
        assertThat(value(join(two))).isEqualTo("x");
        join(two).release();
        assertErased(join(two).secret());
    }

    @Test
    void the_fields_of_a_value_are_overwritten_with_it() {
        test.answer = secret("{\"a\":\"field\"}", null);
        Lookup lookup = test.read();
        Secret field = lookup.secret().field(Property.parse("a"));
        assertThat(field.value()).isEqualTo("field".getBytes(UTF_8));
        lookup.release();
        test.answer = secret("{}", null);
        test.cache.refresh(KEY).thenAccept(Lookup::release);
        assertErased(field);
    }

    @Test
    void a_scan_of_a_million_names_takes_no_memory_and_evicts_no_secret_in_use() {
        for (int i = 0; i < 20; i++) {
            test.read().release();
        }
        long before = usedHeap();
        for (int i = 0; i < 1_000_000; i++) {
            test.read(key("scan/" + i, i % 2 == 0 ? null : "1")).release();
            if (i % 100 == 0) {
                Lookup hit = test.cache.getIfPresent(KEY);
                assertThat(hit).as("after %d names", i).isNotNull();
                hit.release();
            }
        }
        assertThat(test.cache.size()).isLessThanOrEqualTo(1000);
        assertThat(test.cache.bytes()).isLessThanOrEqualTo(16 << 20);
        assertThat(usedHeap() - before).isLessThan(8 << 20);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private Secret readAndRelease() {
        Lookup lookup = test.read();
        lookup.release();
        assertThat(value(lookup)).isEqualTo("value of app");
        return lookup.secret();
    }

    private static void assertErased(Secret secret) {
        assertThat(secret.value()).containsOnly(0);
    }
}
