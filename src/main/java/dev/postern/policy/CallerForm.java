package dev.postern.policy;

import java.util.List;

/** The forms of callers. */
public final class CallerForm {
    /** The forms of one caller, for messages. */
    public static final String FORMS_OF_ONE = "token-file, system:serviceaccount:<namespace>:<name>,"
            + " spiffe://<trust domain>/<path>, dns:<name> or cn:<name>";

    static final String FORMS = FORMS_OF_ONE + ", with * and ** after the prefix";

    private static final List<String> PREFIXES = List.of("system:serviceaccount:", "spiffe://", "dns:", "cn:");

    private CallerForm() {}

    /** Whether a caller or a pattern has one of the forms. */
    public static boolean isKnown(String caller) {
        return caller.equals("token-file")
                || PREFIXES.stream().anyMatch(prefix -> caller.startsWith(prefix) && caller.length() > prefix.length());
    }
}
