package dev.postern.caller;

import org.jspecify.annotations.Nullable;

/**
 * Hears of changes in what authenticates callers and the listener. Called on the thread that made the change, before it
 * takes effect. Must not block.
 */
public interface CredentialEvents {
    /** Hears of nothing. */
    CredentialEvents UNHEARD = new CredentialEvents() {
        @Override
        public void replaced(Credential credential, @Nullable String before, @Nullable String after) {}

        @Override
        public void refused(Credential credential, String reason) {}

        @Override
        public void handshakeRefused(String reason) {}
    };

    /** What can be replaced while the service runs. */
    enum Credential {
        /** The callers' shared token. It has no fingerprint, because short ones could be guessed from it. */
        TOKEN_FILE("token-file"),
        /** The listener's certificate and key; the fingerprint is that of its certificate. */
        KEY_PAIR("key-pair"),
        /** The authorities of client certificates. */
        BUNDLE("bundle"),
        /** The key pair and the bundle, which are refused together. */
        MTLS("mtls"),
        /** The authorities of the server that publishes the keys of pod tokens, or reviews the tokens. */
        CA_FILE("ca-file"),
        /** The keys that sign pod tokens. */
        JWKS("jwks");

        private final String label;

        Credential(String label) {
            this.label = label;
        }

        /** Its name in the audit log. */
        public String label() {
            return label;
        }
    }

    /** The content differs from before. The fingerprints are of public content, or null if there is none. */
    void replaced(Credential credential, @Nullable String before, @Nullable String after);

    /** A changed file is not used. */
    void refused(Credential credential, String reason);

    /** A TLS handshake failed. */
    void handshakeRefused(String reason);
}
