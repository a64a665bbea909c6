package dev.postern.backend;

import java.util.Map;
import java.util.Set;

/** The enabled backends, by kind. */
public final class Backends implements AutoCloseable {
    private final Map<String, BackendCalls> calls;

    public Backends(Map<String, BackendCalls> calls) {
        this.calls = Map.copyOf(calls);
    }

    /** @throws IllegalArgumentException if no backend of that kind is enabled */
    public BackendCalls get(String kind) {
        BackendCalls found = calls.get(kind);
        if (found == null) {
            throw new IllegalArgumentException("no backend is enabled of kind " + kind);
        }
        return found;
    }

    /** The enabled kinds. */
    public Set<String> kinds() {
        return calls.keySet();
    }

    @Override
    public void close() {
        calls.values().forEach(BackendCalls::close);
    }
}
