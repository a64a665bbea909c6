package dev.postern.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.sink.AuditSink;
import dev.postern.audit.sink.IncompleteWriteException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private final RecordingSink sink = new RecordingSink();
    private final AtomicInteger recorded = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private AuditLog log;

    private AuditLog start(Duration deadline) {
        return AuditLog.start(
                sink, ChainHash.plain(), ServiceInstance.NOWHERE, deadline, Integer.MAX_VALUE, event -> {});
    }

    @AfterEach
    void close() {
        sink.release();
        log.close();
        eventLoop.shutdownNow();
    }

    @Test
    void an_event_is_written_before_its_receipt_is_given() {
        log = start(LONG);
        AtomicInteger linesAtReceipt = new AtomicInteger(-1);
        log.record(event("a"), receipt(() -> linesAtReceipt.set(sink.lines().size()), () -> {}));
        await().untilAsserted(() -> assertThat(linesAtReceipt).hasValue(1));
    }

    @Test
    void every_event_is_written_once_and_in_order() {
        log = start(LONG);
        for (int i = 0; i < 1000; i++) {
            record("id-" + i);
        }
        await().untilAsserted(() -> assertThat(recorded).hasValue(1000));
        assertThat(sink.lines()).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(sink.lines().get(i)).contains("\"http.request.id\":\"id-" + i + "\"");
        }
    }

    @Test
    void events_that_gather_while_one_is_written_are_written_together() {
        log = start(LONG);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        for (int i = 0; i < 100; i++) {
            record("id-" + i);
        }
        sink.release();
        await().untilAsserted(() -> assertThat(recorded).hasValue(101));
        assertThat(sink.writes()).isEqualTo(2);
    }

    @Test
    void a_sink_that_hangs_loses_the_events_within_the_deadline() {
        loseTwo();
        assertThat(recorded).hasValue(0);
        assertThat(log.failures()).isEqualTo(2);
    }

    /** One event is being written when the sink hangs, the other waits behind it. */
    private void loseTwo() {
        log = start(SHORT);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        record("second");
        await().untilAsserted(() -> assertThat(lost).hasValue(2));
    }

    @Test
    void a_sink_that_hangs_is_told_once_and_once_more_when_it_goes_on() {
        try (LoggedLines logged = LoggedLines.of(AuditLog.class)) {
            loseTwo();
            record("third");
            await().untilAsserted(() -> assertThat(lost).hasValue(3));
            assertThat(logged.lines()).singleElement().asString().contains("its sink hangs or is slow");
            sink.release();
            await().untilAsserted(() -> {
                record("again");
                assertThat(logged.lines()).hasSizeGreaterThan(1);
            });
            assertThat(logged.lines().get(1)).isEqualTo("The audit log can be written again");
        }
    }

    @Test
    void a_sink_that_recovers_is_written_to_again() {
        log = start(SHORT);
        sink.hold();
        record("first");
        await().untilAsserted(() -> assertThat(lost).hasValue(1));
        sink.release();
        await().untilAsserted(() -> {
            record("again");
            assertThat(recorded.get()).isPositive();
        });
    }

    @Test
    void a_sink_that_fails_loses_the_events_and_may_recover() {
        log = start(LONG);
        sink.fail(true);
        record("first");
        await().untilAsserted(() -> assertThat(lost).hasValue(1));
        sink.fail(false);
        record("second");
        await().untilAsserted(() -> assertThat(recorded).hasValue(1));
        assertThat(sink.lines().get(0)).as("what ends half a line").isEmpty();
        assertThat(sink.lines().get(1)).contains("\"http.request.id\":\"second\"");
    }

    @Test
    void more_events_than_the_queue_holds_are_lost_at_once() {
        log = start(LONG);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        for (int i = 0; i < 5000; i++) {
            record("id-" + i);
        }
        await().untilAsserted(() -> assertThat(lost).hasValue(5000 - 4096));
        sink.release();
        await().untilAsserted(() -> assertThat(recorded).hasValue(4097));
    }

    @Test
    void a_line_that_is_written_too_late_is_taken_back_by_another() {
        log = start(SHORT);
        sink.hold();
        record("late");
        await().untilAsserted(() -> assertThat(lost).hasValue(1));
        sink.release();
        await().untilAsserted(() -> assertThat(sink.lines()).hasSize(2));
        assertThat(sink.lines().get(0)).contains("\"http.response.status_code\":200", "\"event.sequence\":1,");
        assertThat(sink.lines().get(1))
                .contains(
                        "\"http.request.id\":\"late\"",
                        "\"event.outcome\":\"failure\"",
                        "\"event.reason\":\"audit-late\"",
                        "\"http.response.status_code\":503",
                        "\"postern.corrects\":1,\"postern.corrected_status\":200",
                        "\"event.sequence\":2,");
        assertThat(recorded).hasValue(0);
    }

    @Test
    void a_line_that_is_not_certain_to_last_is_taken_back_once_that_can_be_written() {
        log = start(LONG);
        sink.failAfter(Integer.MAX_VALUE);
        record("uncertain");
        await().untilAsserted(() -> assertThat(lost).hasValue(1));
        sink.fail(false);
        await().untilAsserted(() -> assertThat(sink.lines()).hasSizeGreaterThan(1));
        assertThat(sink.lines().get(1)).contains("\"postern.corrects\":1,");
    }

    @Test
    void accesses_without_a_line_are_counted_in_the_next_one() {
        log = start(LONG);
        sink.failAfter(0);
        for (int i = 0; i < 3; i++) {
            record("lost-" + i);
            int expected = i + 1;
            await().untilAsserted(() -> assertThat(lost).hasValue(expected));
        }
        sink.fail(false);
        record("one");
        record("two");
        await().untilAsserted(() -> assertThat(recorded).hasValue(2));
        assertThat(sink.lines().get(0)).contains("\"postern.lost\":3,", "\"event.sequence\":1,");
        assertThat(sink.lines().get(1)).doesNotContain("postern.lost");
    }

    @Test
    void lines_that_arrived_before_a_failure_are_taken_back_and_the_others_counted() {
        log = start(LONG);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        for (int i = 0; i < 5; i++) {
            record("id-" + i);
        }
        sink.failAfter(1000);
        sink.release();
        await().untilAsserted(() -> assertThat(lost).hasValue(5));
        sink.fail(false);
        record("last");
        await().untilAsserted(() -> assertThat(recorded).hasValue(2));
        long takenBack =
                sink.lines().stream().filter(line -> line.contains("corrects")).count();
        assertThat(takenBack).isBetween(1L, 4L);
        assertThat(sink.lines())
                .filteredOn(line -> line.contains("\"postern.lost\":" + (5 - takenBack) + ","))
                .hasSize(1);
        // The first, those that arrived, half a line, an empty one, those that are taken back, the last.
        assertThat(sink.lines()).hasSize((int) (1 + takenBack + 2 + takenBack + 1));
        assertThat(sink.lines().get(sink.lines().size() - 1))
                .contains("\"event.sequence\":" + (2 + 2 * takenBack) + ",");
    }

    @Test
    void the_accesses_of_one_answer_are_recorded_together_or_not_at_all() {
        log = start(LONG);
        log.record(
                List.of(event("one"), event("two"), event("three")),
                receipt(recorded::incrementAndGet, lost::incrementAndGet));
        await().untilAsserted(() -> assertThat(recorded).hasValue(1));
        sink.failAfter(800);
        log.record(
                List.of(event("four"), event("five"), event("six")),
                receipt(recorded::incrementAndGet, lost::incrementAndGet));
        await().untilAsserted(() -> assertThat(lost).hasValue(1));
        sink.fail(false);
        record("last");
        await().untilAsserted(() -> assertThat(recorded).hasValue(2));
        List<String> takenBack =
                sink.lines().stream().filter(line -> line.contains("corrects")).toList();
        assertThat(takenBack).hasSizeBetween(1, 2);
        assertThat(takenBack.get(0))
                .contains("\"four\"", "\"postern.corrects\":4,", "\"postern.lost\":" + (3 - takenBack.size()) + ",");
        assertThat(log.failures()).isEqualTo(3);
    }

    @Test
    void whoever_counts_accesses_and_fails_keeps_none_from_its_answer() {
        log = AuditLog.start(sink, ChainHash.plain(), ServiceInstance.NOWHERE, LONG, Integer.MAX_VALUE, event -> {
            throw new IllegalStateException("a defect");
        });
        record("first");
        record("second");
        await().untilAsserted(() -> assertThat(recorded).hasValue(2));
        assertThat(lost).hasValue(0);
    }

    @Test
    void what_was_handed_in_before_the_end_is_written() {
        log = start(LONG);
        for (int i = 0; i < 1000; i++) {
            record("id-" + i);
        }
        log.close();
        await().untilAsserted(() -> assertThat(recorded).hasValue(1000));
        assertThat(sink.lines()).hasSize(1000);
        assertThat(sink.isClosed()).isTrue();
    }

    @Test
    void a_sink_that_hangs_does_not_keep_the_log_from_ending() {
        log = start(LONG);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        record("second");
        log.close();
        await().untilAsserted(() -> assertThat(lost).hasValue(2));
        record("third");
        await().untilAsserted(() -> assertThat(lost).hasValue(3));
    }

    @Test
    void callers_that_keep_coming_while_a_sink_hangs_take_no_more_memory() {
        log = start(SHORT);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        for (int i = 0; i < 50_000; i++) {
            record("id-" + i);
        }
        await().untilAsserted(() -> assertThat(lost).hasValue(50_001));
        sink.release();
        // The one that hung, what takes it back, and nothing of all the others but their number.
        record("again");
        await().untilAsserted(() -> assertThat(recorded).hasValue(1));
        assertThat(sink.lines()).hasSize(3);
        assertThat(sink.lines().get(1)).contains("\"postern.lost\":50000,");
    }

    @Test
    void refusals_that_were_folded_are_answered_at_once_and_in_the_log_when_it_is_closed() {
        log = AuditLog.start(sink, ChainHash.plain(), ServiceInstance.NOWHERE, LONG, 2, event -> {});
        AuditEvent refusal = TestLines.event(null, "A", 401, "wrong-token", Instant.EPOCH);
        for (int i = 0; i < 100; i++) {
            log.record(refusal, receipt(recorded::incrementAndGet, lost::incrementAndGet));
        }
        assertThat(recorded).hasValueGreaterThanOrEqualTo(98);
        log.close();
        assertThat(sink.lines).hasSize(3);
        assertThat(sink.lines.get(2)).contains("\"event.start\":\"1970-01-01T00:00:00Z\"", "\"postern.repeats\":98");
        assertThat(log.written()).isEqualTo(100);
        assertThat(log.sequence()).isEqualTo(3);
    }

    @Test
    void refusals_that_were_folded_and_cannot_be_written_are_counted_as_lost() {
        log = AuditLog.start(sink, ChainHash.plain(), ServiceInstance.NOWHERE, LONG, 0, event -> {});
        AuditEvent refusal = TestLines.event(null, "A", 401, "wrong-token", Instant.EPOCH);
        for (int i = 0; i < 100; i++) {
            log.record(refusal, receipt(recorded::incrementAndGet, lost::incrementAndGet));
        }
        sink.failing = true;
        log.close();
        assertThat(log.failures()).isEqualTo(100);
    }

    @Test
    void an_event_of_the_service_precedes_accesses_that_are_recorded_after_it() {
        log = start(LONG);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        record("second");
        log.tell(policyChange());
        record("third");
        sink.release();
        await().untilAsserted(() -> assertThat(recorded).hasValue(3));
        assertThat(sink.lines()).hasSize(4);
        assertThat(sink.lines().get(1)).contains("\"event.action\":\"policy-change\"");
        assertThat(log.written()).as("accesses").isEqualTo(3);
        assertThat(log.sequence()).isEqualTo(4);
    }

    @Test
    void an_event_of_the_service_is_kept_until_the_sink_takes_it() {
        log = start(LONG);
        sink.fail(true);
        log.tell(policyChange());
        record("lost");
        await().untilAsserted(() -> assertThat(lost).hasValue(1));
        sink.fail(false);
        await().untilAsserted(() -> assertThat(sink.lines()).anyMatch(line -> line.contains("policy-change")));
        record("next");
        await().untilAsserted(() -> assertThat(recorded).hasValue(1));
        assertThat(sink.lines())
                .filteredOn(line -> line.contains("policy-change"))
                .hasSize(1);
        assertThat(sink.lines()).last().asString().contains("\"http.request.id\":\"next\"");
    }

    @Test
    void events_of_the_service_never_block_and_are_bounded_while_a_sink_hangs() {
        log = start(SHORT);
        sink.hold();
        record("first");
        await().until(sink::isHeld);
        try (LoggedLines logged = LoggedLines.of(AuditLog.class)) {
            for (int i = 0; i < 1100; i++) {
                log.tell(policyChange());
            }
            assertThat(logged.lines())
                    .filteredOn(line -> line.equals("The audit log has no line for this policy-change"))
                    .hasSize(1100 - 1024);
        }
        sink.release();
        await().untilAsserted(() -> assertThat(sink.lines())
                .filteredOn(line -> line.contains("policy-change"))
                .hasSize(1024));
    }

    @Test
    void failed_handshakes_are_one_line_for_each_reason() {
        log = start(LONG);
        for (int i = 0; i < 1000; i++) {
            log.handshakeRefused(i % 4 == 0 ? "untrusted" : "expired");
        }
        log.close();
        assertThat(sink.lines()).hasSize(2);
        assertThat(sink.lines().get(0))
                .contains(
                        "handshake-refused", "\"failure\"", "\"event.reason\":\"expired\"", "\"postern.repeats\":750");
        assertThat(sink.lines().get(1)).contains("\"event.reason\":\"untrusted\"", "\"postern.repeats\":250");
    }

    @Test
    void the_stop_is_the_last_line() {
        log = AuditLog.start(sink, ChainHash.plain(), ServiceInstance.NOWHERE, LONG, 0, event -> {});
        log.record(TestLines.event(null, "A", 401, "wrong-token", Instant.EPOCH), receipt(() -> {}, () -> {}));
        log.handshakeRefused("expired");
        record("first");
        log.close(ServiceEvent.stop());
        assertThat(sink.lines()).hasSize(4).last().asString().contains("\"event.action\":\"service-stop\"");
    }

    private static ServiceEvent policyChange() {
        return ServiceEvent.succeeded(ServiceEvent.Action.POLICY, null, Map.of("postern.rules", 1));
    }

    private void record(String id) {
        log.record(event(id), receipt(recorded::incrementAndGet, lost::incrementAndGet));
    }

    private Receipt receipt(Runnable onRecorded, Runnable onLost) {
        return new Receipt() {
            @Override
            public Executor executor() {
                return eventLoop;
            }

            @Override
            public void recorded() {
                onRecorded.run();
            }

            @Override
            public void lost() {
                onLost.run();
            }
        };
    }

    private static AuditEvent event(String id) {
        return new AuditEvent(
                Instant.EPOCH,
                id,
                null,
                null,
                null,
                AuditEvent.Action.READ,
                200,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                1,
                null);
    }

    private static final class RecordingSink implements AuditSink {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final AtomicInteger writes = new AtomicInteger();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean held;
        private volatile boolean failing;
        private volatile int failAfter = -1;
        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            if (failing) {
                throw new IOException("No space left on device");
            }
            held = gate.getCount() > 0;
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            writes.incrementAndGet();
            if (failAfter >= 0 && (length > failAfter || failAfter == Integer.MAX_VALUE)) {
                int arrived = Math.min(length, failAfter);
                new String(bytes, 0, arrived, UTF_8).lines().forEach(lines::add);
                // What is tried again meanwhile does not arrive.
                failAfter = 0;
                throw new IncompleteWriteException(arrived, new IOException("No space left on device"));
            }
            new String(bytes, 0, length, UTF_8).lines().forEach(lines::add);
        }

        List<String> lines() {
            return lines;
        }

        int writes() {
            return writes.get();
        }

        void hold() {
            gate = new CountDownLatch(1);
        }

        boolean isHeld() {
            return held;
        }

        void release() {
            gate.countDown();
        }

        void fail(boolean now) {
            failing = now;
            failAfter = -1;
        }

        void failAfter(int bytes) {
            failAfter = bytes;
        }

        boolean isClosed() {
            return closed;
        }
    }
}
