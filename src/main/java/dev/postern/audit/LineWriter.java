package dev.postern.audit;

import dev.postern.audit.chain.Chain;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.Correction;
import dev.postern.audit.chain.Lines;
import dev.postern.audit.sink.AuditSink;
import dev.postern.audit.sink.IncompleteWriteException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns events into chained lines, and knows which of them were written. Not thread-safe. */
final class LineWriter {
    private final AuditSink sink;
    private final Chain chain;
    private final EventJson json = new EventJson();
    private final Lines lines = new Lines();
    private int[] ends = new int[0];
    private boolean torn;

    LineWriter(AuditSink sink, Chain chain) {
        this.sink = sink;
        this.chain = chain;
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
    record Line(AuditEvent event, @Nullable Correction corrects) {}

    /** The sequence number of the last line written. */
    long sequence() {
        return chain.sequence();
    }

    /** @param lost how many accesses before this batch have no line */
    Outcome write(List<Line> batch, long lost) {
        long sequence = chain.sequence();
        byte[] hash = chain.hash();
        int arrived = 0;
        Throwable failure;
        boolean encoded = false;
        try {
            encode(batch, lost);
            encoded = true;
            sink.write(lines.bytes(), lines.size());
            torn = false;
            return new Outcome(batch.size(), sequence + 1, null);
        } catch (IncompleteWriteException e) {
            failure = e;
            // A line is complete even without its line feed.
            while (arrived < batch.size() && ends[arrived] - 1 <= e.written()) {
                arrived++;
            }
            int whole = arrived == 0 ? 0 : ends[arrived - 1];
            torn = e.written() == 0 ? torn : e.written() != whole;
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            torn |= encoded;
        }
        if (arrived == 0) {
            chain.moveTo(sequence, hash, 0);
        } else {
            int end = ends[arrived - 1] - Chain.AFTER_HASH.length;
            chain.moveTo(sequence + arrived, lines.bytes(), end - ChainHash.DIGITS);
        }
        chain.anchor();
        return new Outcome(arrived, sequence + 1, failure);
    }

    private void encode(List<Line> batch, long lost) throws IOException {
        if (sink.prepare()) {
            chain.anchor();
        }
        lines.reset();
        ends = ends.length < batch.size() ? new int[batch.size()] : ends;
        if (torn) {
            // The failed write may have left half a line.
            lines.write('\n');
        }
        for (int i = 0; i < batch.size(); i++) {
            int start = lines.size();
            json.write(batch.get(i).event, lines);
            chain.seal(lines, start, batch.get(i).corrects, i == 0 ? lost : 0);
            ends[i] = lines.size();
        }
    }
}
