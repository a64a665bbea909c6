package dev.postern.audit.sink;

import dev.postern.audit.chain.ChainLine;
import dev.postern.audit.chain.ChainPoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a file of lines ends.
 *
 * @param last where the chain stands after its last whole line, or null if there is no line of a chain
 * @param tornBytes how many bytes of half a line there are behind the last whole one
 * @param open whether there is no line feed at the end
 */
public record FileTail(@Nullable ChainPoint last, long tornBytes, boolean open) {
    /** No line is longer: names and versions have bounds. */
    private static final int WINDOW = 1 << 20;

    /** Looks at the last mebibyte. */
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
