package dev.postern.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.backend.BackendDeniedException;
import dev.postern.backend.BackendErrorException;
import dev.postern.backend.BackendException;
import dev.postern.backend.BackendUnavailableException;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.Secret;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A secrets manager that fails as its callers want, by the name that they ask for. */
@Singleton
@Identifier("fault")
public class FaultBackend implements SecretBackend {
    private final AtomicInteger calls = new AtomicInteger();
    private final Semaphore held = new Semaphore(0);
    private volatile BackendException failure;

    @Override
    public void check() {}

    @Override
    public Secret read(SecretName name, Version version) {
        calls.incrementAndGet();
        if (failure != null) {
            throw failure;
        }
        switch (name.value()) {
            case "denied" -> throw new BackendDeniedException("upstream says canary-upstream");
            case "error" -> throw new BackendErrorException("upstream says canary-upstream");
            case "unavailable" -> throw new BackendUnavailableException("upstream says canary-upstream");
            case "bug" -> throw new IllegalStateException("upstream says canary-upstream");
            case "absent" -> throw new SecretNotFoundException("upstream says canary-upstream");
            case "slow" -> hold();
            default -> {}
        }
        if (name.value().equals("huge")) {
            return new Secret(new byte[1 << 23], null, null);
        }
        if (name.value().startsWith("large/")) {
            return new Secret(new byte[1 << 20], null, null);
        }
        return new Secret(
                ("value " + calls.get()).getBytes(UTF_8),
                version == null ? new Version("7") : version,
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    private void hold() {
        try {
            held.acquire();
        } catch (InterruptedException e) {
            throw new BackendErrorException("interrupted", e);
        }
    }

    /** Makes every read fail, whatever it asks for; null makes them do as before. */
    public void failWith(BackendException how) {
        failure = how;
    }

    /** Lets one read of what is slow go on. */
    public void release() {
        held.release();
    }

    public int calls() {
        return calls.get();
    }
}
