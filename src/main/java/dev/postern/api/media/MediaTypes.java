package dev.postern.api.media;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import java.util.List;

/**
 * Chooses a representation by the {@code Accept} header (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110, 12.5.1</a>).
 */
public final class MediaTypes {
    private MediaTypes() {}

    /** The representations of secrets. */
    public enum Representation {
        JSON("application", "json", "j", "application/json"),
        TEXT("text", "plain", "t", "text/plain;charset=UTF-8"),
        BYTES("application", "octet-stream", "b", "application/octet-stream"),
        /** Only for bulk reads. */
        DOTENV("text", "x-dotenv", "d", "text/x-dotenv;charset=UTF-8"),
        /** Only for bulk reads. */
        SHELL("text", "x-shellscript", "s", "text/x-shellscript;charset=UTF-8"),
        /** Only for bulk reads. */
        DOCKER_ENV("text", "x-docker-env", "e", "text/x-docker-env;charset=UTF-8");

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

        /** The media type, with its parameters. */
        public String contentType() {
            return contentType;
        }

        /** A letter that distinguishes entity tags of different representations. */
        public String tag() {
            return tag;
        }
    }

    /**
     * Chooses one of {@code offers}; on a tie, the first.
     *
     * @param accept the {@code Accept} headers, possibly none
     * @throws FaultException if no offer is accepted
     */
    public static Representation choose(List<String> accept, List<Representation> offers) {
        if (accept.isEmpty() || (accept.size() == 1 && accept.get(0).equals("*/*"))) {
            return offers.get(0);
        }
        if (accept.stream().allMatch(String::isBlank)) {
            return offers.get(0);
        }
        List<MediaRange> ranges = MediaRange.parse(accept);
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
            throw new FaultException(Fault.of(FaultCode.NOT_ACCEPTABLE));
        }
        return best;
    }

    /** The quality of the most specific range that matches {@code candidate}, or 0 if none does. */
    private static double quality(Representation candidate, List<MediaRange> ranges) {
        MediaRange best = null;
        for (MediaRange range : ranges) {
            if (range.matches(candidate.type, candidate.subtype)
                    && (best == null || range.specificity() > best.specificity())) {
                best = range;
            }
        }
        return best == null ? 0 : best.quality();
    }
}
