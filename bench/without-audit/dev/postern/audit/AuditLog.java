package dev.postern.audit;

import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.sink.AuditSink;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Records nothing, and lets every access happen at once. bench/audit.py puts it into a copy of the built service, in
 * the place of the real one: the service itself cannot be told to go without.
 */
public final class AuditLog implements AutoCloseable {
    public static AuditLog start(
            AuditSink sink,
            ChainHash hash,
            ServiceInstance instance,
            Duration deadline,
            int refusals,
            Consumer<AuditEvent> onWritten) {
        return new AuditLog();
    }

    public void record(AuditEvent event, Receipt receipt) {
        receipt.recorded();
    }

    public void record(List<AuditEvent> events, Receipt receipt) {
        receipt.recorded();
    }

    public void tell(ServiceEvent event) {}

    void handshakeRefused(String reason) {}

    public boolean continuesChain() {
        return false;
    }

    long failures() {
        return 0;
    }

    long written() {
        return 0;
    }

    long sequence() {
        return 0;
    }

    public void close(ServiceEvent event) {}

    @Override
    public void close() {}
}
