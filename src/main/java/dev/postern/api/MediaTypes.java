package dev.postern.api;

import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a representation by the {@code Accept} field (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110, 12.5.1</a>).
 */
final class MediaTypes {
    private MediaTypes() {}

    /** How a secret can be represented, the preferred one first. */
    enum Representation {
        JSON("application", "json", "j", "application/json"),
        TEXT("text", "plain", "t", "text/plain;charset=UTF-8"),
        BYTES("application", "octet-stream", "b", "application/octet-stream"),
        /** Of several secrets only. */
        DOTENV("text", "x-dotenv", "d", "text/x-dotenv;charset=UTF-8"),
        /** Of several secrets only. */
        SHELL("text", "x-shellscript", "s", "text/x-shellscript;charset=UTF-8");

        private final String type;
        private final String subtype;
        private final String tag;
        private final String contentType;

        Representation(String type, String subtype, String tag, String contentType) {
            this.type = type;
            this.subtype = subtype;
            this.tag = tag;
            this.contentType = contentType;
        }

        String contentType() {
            return contentType;
        }

        /** A letter that tells this representation's entity tags from the others'. */
        String tag() {
            return tag;
        }
    }

    /**
     * Chooses one of {@code offers}, of which the first is preferred.
     *
     * @param accept the fields, possibly none
     * @throws ProblemException if they are malformed, or accept no offer
     */
    static Representation choose(List<String> accept, List<Representation> offers) {
        if (accept.isEmpty() || (accept.size() == 1 && accept.get(0).equals("*/*"))) {
            return offers.get(0);
        }
        List<MediaType> ranges = parse(accept);
        if (ranges.isEmpty()) {
            return offers.get(0);
        }
        Representation best = null;
        double bestQuality = 0;
        for (Representation candidate : offers) {
            double quality = quality(candidate, ranges);
            if (quality > bestQuality) {
                best = candidate;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw new ProblemException(Problem.of(ProblemType.NOT_ACCEPTABLE));
        }
        return best;
    }

    private static List<MediaType> parse(List<String> accept) {
        List<MediaType> ranges = new ArrayList<>();
        try {
            for (String field : accept) {
                for (String range : field.split(",", -1)) {
                    if (!range.isBlank()) {
                        ranges.add(MediaType.valueOf(range.strip()));
                    }
                }
            }
            for (MediaType range : ranges) {
                quality(range);
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_REQUEST, "The Accept field is malformed.")
                    .because("accept"));
        }
        return ranges;
    }

    /** The quality of the most specific range that {@code candidate} is in, or 0 if it is in none. */
    private static double quality(Representation candidate, List<MediaType> ranges) {
        MediaType best = null;
        for (MediaType range : ranges) {
            boolean matches = (range.isWildcardType() || range.getType().equalsIgnoreCase(candidate.type))
                    && (range.isWildcardSubtype() || range.getSubtype().equalsIgnoreCase(candidate.subtype));
            if (matches && (best == null || specificity(range) > specificity(best))) {
                best = range;
            }
        }
        return best == null ? 0 : quality(best);
    }

    private static int specificity(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }

    private static double quality(MediaType range) {
        @Nullable String q = range.getParameters().get("q");
        if (q == null) {
            return 1;
        }
        if (!q.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) {
            throw new IllegalArgumentException("malformed quality");
        }
        return Double.parseDouble(q);
    }
}
