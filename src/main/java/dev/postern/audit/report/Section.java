package dev.postern.audit.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Facts of one kind: a table, whatever the output. A cell is a text, a {@link Long}, a {@link Boolean}, an
 * {@link java.time.Instant} or a {@link java.time.Duration}, or null if unknown.
 *
 * @param id its key in JSON and its anchor on the page
 * @param note what a reader must know to understand it
 * @param others how many accesses or events are beyond the bounds, and in no row
 * @param unchecked why there are no facts, or null if there are
 */
record Section(
        String id,
        String title,
        String note,
        List<Column> columns,
        List<List<@Nullable Object>> rows,
        long others,
        @Nullable String unchecked) {
    Section {
        rows = unchecked == null ? rows : List.of();
    }

    /**
     * @param key the key in JSON, also the name in a table unless that is said
     * @param label the heading
     */
    record Column(String key, String label) {
        static Column of(String name) {
            return new Column(name, name);
        }
    }
}
