package dev.postern.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.audit.chain.Chain;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.Correction;
import dev.postern.audit.sink.AuditSink;
import dev.postern.audit.sink.Preparation;
import dev.postern.caller.Caller;
import dev.postern.secret.SecretRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Lines of a chain, as the service writes them. */
public final class TestLines implements AuditSink {
    public static final Caller TRAINER = new Caller("spiffe://cluster.local/ns/ml/sa/trainer", "mtls");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LineWriter writer;
    private boolean beginsFile;

    public TestLines(ChainHash hash) {
        writer = new LineWriter(this, new Chain(hash, null, new SecureRandom()), ServiceInstance.NOWHERE);
    }

    /** A chain of so many reads, each line with its line feed. */
    public static List<String> chain(int count) {
        return chain(ChainHash.plain(), count);
    }

    public static List<String> chain(ChainHash hash, int count) {
        TestLines lines = new TestLines(hash);
        IntStream.range(0, count).forEach(i -> lines.write(read("name-" + i)));
        return lines.take();
    }

    /** The next line begins a file. */
    public TestLines beginFile() {
        beginsFile = true;
        return this;
    }

    public TestLines write(AuditEvent event) {
        writer.write(List.of(new LineWriter.Line(event, null)), 0);
        return this;
    }

    public TestLines write(ServiceEvent event) {
        writer.write(List.of(new LineWriter.Line(event)), 0);
        return this;
    }

    public TestLines takeBack(AuditEvent event, long sequence) {
        Correction correction = new Correction(sequence, event.status());
        writer.write(List.of(new LineWriter.Line(event.refusedLate(), correction)), 0);
        return this;
    }

    public TestLines lose(AuditEvent next, long lost) {
        writer.write(List.of(new LineWriter.Line(next, null)), lost);
        return this;
    }

    /** What was written since the last time. */
    public List<String> take() {
        List<String> lines = new ArrayList<>();
        out.toString(UTF_8).lines().forEach(line -> lines.add(line + "\n"));
        out.reset();
        return lines;
    }

    public static AuditEvent read(String secret) {
        return event(TRAINER, secret, 200, null, Instant.parse("2026-11-20T10:00:00Z"));
    }

    public static AuditEvent event(Caller caller, String secret, int status, String reason, Instant time) {
        return new AuditEvent(
                time,
                "id",
                null,
                "127.0.0.1",
                null,
                AuditEvent.Action.READ,
                status,
                reason,
                caller,
                null,
                secret == null ? null : SecretRef.parse(secret),
                null,
                null,
                null,
                1,
                null);
    }

    /** As many refusals like {@code one}, told as one. */
    public static AuditEvent folded(int number, AuditEvent one) {
        Folding folding = new Folding(0, () -> 0);
        for (int i = 0; i < number; i++) {
            folding.keep(List.of(one));
        }
        return folding.take().get(0);
    }

    @Override
    public Preparation prepare() {
        Preparation done = beginsFile ? Preparation.OPENED : Preparation.NONE;
        beginsFile = false;
        return done;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        out.write(lines, 0, length);
    }
}
