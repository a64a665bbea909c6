package dev.postern.audit.command;

import java.io.IOException;
import java.io.InputStream;

/** Reads lines as bytes in constant memory. A line longer than a mebibyte is cut to its first mebibyte. */
public final class LineReader implements AutoCloseable {
    private static final int CAPACITY = 1 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[CAPACITY];
    private int limit;
    private int next;
    private int start;
    private int end;
    private boolean ended;
    private long number;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** Advances to the next line. Returns false at the end. */
    public boolean next() throws IOException {
        start = next;
        int searched = start;
        while (true) {
            for (int i = searched; i < limit; i++) {
                if (buffer[i] == '\n') {
                    return line(i, i + 1, true);
                }
            }
            if (start == 0 && limit == CAPACITY) {
                skipToLineFeed();
                return line(CAPACITY, limit, true);
            }
            searched = fill();
            if (searched < 0) {
                return limit > start && line(limit, limit, false);
            }
        }
    }

    private boolean line(int lineEnd, int nextLine, boolean hasFeed) {
        end = lineEnd;
        next = nextLine;
        ended = hasFeed;
        number++;
        return true;
    }

    /** Reads more bytes. Returns where they start, or -1 at the end. */
    private int fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            limit -= start;
            start = 0;
        }
        int from = limit;
        int read = in.read(buffer, limit, CAPACITY - limit);
        if (read < 0) {
            return -1;
        }
        limit += read;
        return from;
    }

    private void skipToLineFeed() throws IOException {
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {}
    }

    public byte[] bytes() {
        return buffer;
    }

    public int start() {
        return start;
    }

    /** The end of the line, without its line feed. */
    public int end() {
        return end;
    }

    public boolean isEmpty() {
        return start == end;
    }

    /** Whether the line ended with a line feed. An overlong line always counts as ended. */
    boolean isEnded() {
        return ended;
    }

    /** The line number, from 1. */
    public long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
