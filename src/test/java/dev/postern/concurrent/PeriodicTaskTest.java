package dev.postern.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
    private final AtomicLong now = new AtomicLong();
    private Runnable step = () -> {};

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final PeriodicTask task =
            new PeriodicTask(thread, "a test", () -> Duration.ofSeconds(1), () -> step.run(), () -> now.get());

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void is_not_silent_while_it_is_run() {
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(1));
            task.run();
            assertThat(task.isSilent()).isFalse();
        }
    }

    @Test
    void is_silent_once_it_has_not_been_run_for_long() {
        pass(Duration.ofSeconds(31));
        assertThat(task.isSilent()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(task.isSilent()).isTrue();
        task.run();
        assertThat(task.isSilent()).isFalse();
    }

    @Test
    void is_silent_while_every_run_fails() {
        step = () -> {
            throw new IllegalStateException("as a test wants");
        };
        for (int i = 0; i < 32; i++) {
            pass(Duration.ofSeconds(1));
            task.run();
        }
        assertThat(task.isSilent()).isTrue();
        step = () -> {};
        task.run();
        assertThat(task.isSilent()).isFalse();
    }

    @Test
    void is_not_silent_within_a_long_pause() {
        PeriodicTask seldom =
                new PeriodicTask(thread, "a test", () -> Duration.ofMinutes(1), () -> step.run(), () -> now.get());
        pass(Duration.ofSeconds(90));
        assertThat(seldom.isSilent()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(seldom.isSilent()).isTrue();
    }

    @Test
    void runs_sooner_if_it_is_hastened() {
        AtomicInteger runs = new AtomicInteger();
        PeriodicTask seldom =
                PeriodicTask.start(thread, "a test", () -> Duration.ofHours(1), () -> runs.incrementAndGet());
        seldom.hasten(Duration.ofHours(2));
        seldom.hasten(Duration.ofMillis(1));
        Awaitility.await().until(() -> runs.get() == 1);
        seldom.hasten(Duration.ofMillis(1));
        Awaitility.await().until(() -> runs.get() == 2);
    }

    @Test
    void goes_on_whatever_a_run_throws() {
        AtomicInteger runs = new AtomicInteger();
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        try {
            PeriodicTask.start(thread, "a test", () -> Duration.ofMillis(1), () -> {
                switch (runs.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("as a test wants");
                    case 2 -> throw new StackOverflowError("as a test wants");
                    case 3 -> throw new NoClassDefFoundError("as a test wants");
                    default -> {}
                }
            });
            Awaitility.await().until(() -> runs.get() > 4);
        } finally {
            thread.shutdownNow();
        }
    }
}
