package dev.postern.audit;

import dev.postern.audit.chain.Chain;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.Correction;
import dev.postern.audit.chain.Lines;
import dev.postern.audit.sink.AuditSink;
import dev.postern.audit.sink.IncompleteWriteException;
import dev.postern.audit.sink.Preparation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns events into chained lines, and knows which of them were written. Not thread-safe. */
final class LineWriter {
    private final AuditSink sink;
    private final Chain chain;
    private final EventJson json;
    private final Lines lines = new Lines();
    private int[] ends = new int[0];
    private boolean torn;
    /** A line of its own that the next batch begins with, until it is written. */
    private @Nullable Line owed;

    LineWriter(AuditSink sink, Chain chain, ServiceInstance instance) {
        this.sink = sink;
        this.chain = chain;
        this.json = new EventJson(instance);
        warmUp();
    }

    /** Loads the classes that a line needs, so that the first access does not wait for them. */
    private void warmUp() {
        try {
            json.write(AuditEvent.SAMPLE, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
    }

    /**
     * What became of a batch.
     *
     * @param arrived how many lines were written, counted from the first
     * @param first the sequence number of the first line
     * @param failure why the lines may not last, or null if they will
     */
    record Outcome(int arrived, long first, @Nullable Throwable failure) {}

    /**
     * An event to write.
     *
     * @param corrects the line that this one takes back, or null
     */
    record Line(LineContent event, @Nullable Correction corrects) {
        Line(LineContent event) {
            this(event, null);
        }
    }

    /** The sequence number of the last line written. */
    long sequence() {
        return chain.sequence();
    }

    /** @param lost how many accesses before this batch have no line */
    Outcome write(List<Line> batch, long lost) {
        long sequence = chain.sequence();
        byte[] hash = chain.hash();
        List<Line> all = batch;
        int own = 0;
        int arrived = 0;
        Throwable failure = null;
        boolean encoded = false;
        try {
            prepare();
            all = owed == null ? batch : preceded(owed, batch);
            own = all.size() - batch.size();
            encode(all, own, lost);
            encoded = true;
            sink.write(lines.bytes(), lines.size());
            torn = false;
            arrived = all.size();
        } catch (IncompleteWriteException e) {
            failure = e;
            // A line is complete even without its line feed.
            while (arrived < all.size() && ends[arrived] - 1 <= e.written()) {
                arrived++;
            }
            int whole = arrived == 0 ? 0 : ends[arrived - 1];
            torn = e.written() == 0 ? torn : e.written() != whole;
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            torn |= encoded;
        }
        if (failure != null) {
            goBack(sequence, hash, arrived);
        }
        owed = arrived > 0 ? null : owed;
        return new Outcome(Math.max(0, arrived - own), sequence + own + 1, failure);
    }

    /** Continues the chain after the last line that was written. */
    private void goBack(long sequence, byte[] hash, int arrived) {
        if (arrived == 0) {
            chain.moveTo(sequence, hash, 0);
        } else {
            int end = ends[arrived - 1] - Chain.AFTER_HASH.length;
            chain.moveTo(sequence + arrived, lines.bytes(), end - ChainHash.DIGITS);
        }
        chain.anchor();
    }

    private void prepare() throws IOException {
        Preparation done = sink.prepare();
        if (done != Preparation.NONE) {
            chain.anchor();
        }
        switch (done) {
            case ROTATED -> owed = rotation("max-size");
            case REPLACED -> owed = rotation("moved-or-emptied");
            case NOT_ROTATED ->
                owed = new Line(ServiceEvent.failed(ServiceEvent.Action.ROTATE, "cannot-be-rotated", Map.of()));
            case NONE, OPENED -> {}
        }
    }

    private static Line rotation(String reason) {
        return new Line(ServiceEvent.succeeded(ServiceEvent.Action.ROTATE, reason, Map.of()));
    }

    private static List<Line> preceded(Line first, List<Line> batch) {
        List<Line> all = new ArrayList<>(batch.size() + 1);
        all.add(first);
        all.addAll(batch);
        return all;
    }

    private void encode(List<Line> batch, int own, long lost) throws IOException {
        lines.reset();
        ends = ends.length < batch.size() ? new int[batch.size()] : ends;
        if (torn) {
            // The failed write may have left half a line.
            lines.write('\n');
        }
        for (int i = 0; i < batch.size(); i++) {
            int start = lines.size();
            json.write(batch.get(i).event, lines);
            chain.seal(lines, start, batch.get(i).corrects, i == own ? lost : 0);
            ends[i] = lines.size();
        }
    }
}
