package dev.postern.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the faults of the settings, one line each, so that one fault does not hide the next. */
public final class Faults {
    private final List<String> lines = new ArrayList<>();

    /** @param line names the setting, what is wrong and what would be right */
    public void add(String line) {
        lines.add(line);
    }

    /** Adds a fault if {@code value} is less than {@code min} or more than {@code max}. */
    public void number(String setting, long value, long min, long max) {
        if (value < min || value > max) {
            add(setting + ": must be between " + min + " and " + max + ", is " + value);
        }
    }

    /** Adds a fault if {@code value} is less than {@code min} or more than {@code max}. */
    public void time(String setting, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            add(setting + ": must be between " + text(min) + " and " + text(max) + ", is " + text(value));
        }
    }

    /** As a user writes it: {@code 720h}, {@code 250ms}. */
    private static String text(Duration time) {
        boolean isShort = !time.isZero() && time.abs().compareTo(Duration.ofSeconds(1)) < 0;
        return isShort && time.toNanos() % 1_000_000 == 0
                ? time.toMillis() + "ms"
                : time.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /**
     * Runs a check, and adds the faults if it throws.
     *
     * @param check throws an {@link IllegalArgumentException} or {@link IllegalStateException} whose message has one
     *     fault a line
     * @return whether there is no fault
     */
    public boolean check(Runnable check) {
        return attempt(() -> {
                    check.run();
                    return true;
                })
                .isPresent();
    }

    /** What {@code part} returns. If it throws, as in {@link #check}, adds the faults and returns nothing. */
    public <T> Optional<T> attempt(Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (IllegalArgumentException | IllegalStateException e) {
            String message = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
            message.lines().forEach(this::add);
            return Optional.empty();
        }
    }

    /** The faults, without duplicates. */
    public List<String> lines() {
        return lines.stream().distinct().toList();
    }

    /** @throws InvalidSettingException if there are faults; the message lists all of them */
    public void refuse() {
        if (!lines.isEmpty()) {
            throw new InvalidSettingException(String.join("\n", lines()));
        }
    }
}
