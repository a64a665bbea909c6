package dev.postern.caller;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps what it hears of, each in one line. */
public final class HeardCredentials implements CredentialEvents {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    public List<String> heard() {
        return heard;
    }

    @Override
    public void replaced(Credential credential, @Nullable String before, @Nullable String after) {
        heard.add(credential.label() + " " + before + " -> " + after);
    }

    @Override
    public void refused(Credential credential, String reason) {
        heard.add(credential.label() + " refused: " + reason);
    }

    @Override
    public void handshakeRefused(String reason) {
        heard.add("handshake refused: " + reason);
    }
}
