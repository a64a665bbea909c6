package dev.postern.audit.report;

/** How an access ended. */
enum Outcome {
    SUCCEEDED("succeeded"),
    /** It was answered with a value past its TTL, because the manager failed. */
    STALE("stale"),
    /** The policy or a guard refused it. */
    DENIED("denied"),
    /** Its caller had no valid credentials. */
    UNAUTHENTICATED("unauthenticated"),
    FAILED("failed");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static Outcome ofSuccess(boolean stale) {
        return stale ? STALE : SUCCEEDED;
    }

    static Outcome ofFailure(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403, 421 -> DENIED;
            default -> FAILED;
        };
    }
}
