package dev.postern.audit.sink;

import dev.postern.audit.chain.ChainLine;
import dev.postern.audit.chain.ChainPoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The end of an audit file.
 *
 * @param last where the chain stands after the last whole line, or null without such a line
 * @param tornBytes the length of the half line after the last whole one
 * @param open whether the last line feed is missing
 */
public record FileTail(@Nullable ChainPoint last, long tornBytes, boolean open) {
    /** No line is longer, because names and versions are bounded. */
    private static final int WINDOW = 1 << 20;

    /** Reads the last mebibyte. */
    public static FileTail of(Path path) throws IOException {
        byte[] bytes;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            bytes = new byte[(int) Math.min(WINDOW, file.length())];
            file.seek(file.length() - bytes.length);
            file.readFully(bytes);
        }
        int feed = lineFeedBefore(bytes, bytes.length);
        long torn = bytes.length - (feed + 1L);
        boolean open = torn > 0;
        ChainLine unended = ChainLine.parse(bytes, feed + 1, bytes.length);
        if (unended != null) {
            return new FileTail(unended.point(), 0, true);
        }
        while (feed >= 0) {
            int before = lineFeedBefore(bytes, feed);
            ChainLine line = ChainLine.parse(bytes, before + 1, feed);
            if (line != null) {
                return new FileTail(line.point(), torn, open);
            }
            feed = before;
        }
        return new FileTail(null, torn, open);
    }

    private static int lineFeedBefore(byte[] bytes, int end) {
        int i = end - 1;
        while (i >= 0 && bytes[i] != '\n') {
            i--;
        }
        return i;
    }
}
