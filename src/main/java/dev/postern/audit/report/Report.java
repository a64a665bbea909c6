package dev.postern.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Everything that an output shows.
 *
 * @param made when the report was made
 * @param files what was read
 */
record Report(Summary summary, List<Section> sections, List<Attention> attention, Instant made, List<String> files) {
    static Report of(Summary summary, Configured configured, Duration limit, Instant made, List<String> files) {
        List<Section> sections = new Sections(summary, configured, limit).all();
        return new Report(summary, sections, Attention.of(summary, sections), made, List.copyOf(files));
    }

    Section section(String id) {
        return sections.stream()
                .filter(section -> section.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The verdict in a few words. */
    String verdict() {
        return switch (summary.chain().verdict()) {
            case INTACT -> "The record is intact";
            case BROKEN -> "The record is not intact";
            case UNVERIFIED -> "The record could not be verified";
            case EMPTY -> "There is no record";
        };
    }
}
