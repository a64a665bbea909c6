package dev.postern.api.listener;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code traceparent} header of <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>. */
final class TraceParent {
    static final String HEADER = "traceparent";

    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    private TraceParent() {}

    /** The trace ID, 32 hexadecimal digits, or null unless there is exactly one header and it is valid. */
    static @Nullable String traceId(List<String> fields) {
        if (fields.size() != 1 || !isValid(fields.get(0))) {
            return null;
        }
        return fields.get(0).substring(TRACE_ID, PARENT_ID - 1);
    }

    private static boolean isValid(String field) {
        return field.length() >= LENGTH
                && isHex(field, 0, 2)
                && !field.startsWith("ff")
                && field.charAt(TRACE_ID - 1) == '-'
                && isId(field, TRACE_ID, PARENT_ID - 1)
                && field.charAt(PARENT_ID - 1) == '-'
                && isId(field, PARENT_ID, FLAGS - 1)
                && field.charAt(FLAGS - 1) == '-'
                && isHex(field, FLAGS, LENGTH)
                && endsAsItsVersionSays(field);
    }

    private static boolean endsAsItsVersionSays(String field) {
        return field.length() == LENGTH || (!field.startsWith("00") && field.charAt(LENGTH) == '-');
    }

    private static boolean isId(String field, int start, int end) {
        if (!isHex(field, start, end)) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (field.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean isHex(String field, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = field.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
