package dev.postern.audit.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.audit.chain.ChainLine;
import dev.postern.audit.chain.ChainPoint;
import dev.postern.audit.sink.FileTail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts files along their chain: each after the file whose last line its first line follows. */
public final class FileOrder {
    private FileOrder() {}

    public static List<String> of(List<String> files) throws IOException {
        if (files.size() == 1) {
            return files;
        }
        Map<String, Piece> byLastHash = new HashMap<>();
        List<Piece> pieces = new ArrayList<>();
        for (String file : files) {
            Piece piece = piece(file);
            pieces.add(piece);
            if (piece.last != null) {
                byLastHash.putIfAbsent(piece.last.hash(), piece);
            }
        }
        Map<Piece, List<Piece>> followers = new HashMap<>();
        List<Piece> leaders = new ArrayList<>();
        for (Piece piece : pieces) {
            Piece before = piece.previous == null ? null : byLastHash.get(piece.previous);
            if (before == null || before.equals(piece)) {
                leaders.add(piece);
            } else {
                followers.computeIfAbsent(before, key -> new ArrayList<>()).add(piece);
            }
        }
        leaders.sort(Comparator.comparingLong(Piece::sequence).thenComparing(Piece::beginning));
        List<String> ordered = new ArrayList<>();
        for (Piece leader : leaders) {
            List<Piece> open = new ArrayList<>(List.of(leader));
            while (!open.isEmpty()) {
                Piece piece = open.remove(open.size() - 1);
                ordered.add(piece.file);
                open.addAll(followers.getOrDefault(piece, List.of()));
            }
        }
        // Files that follow each other in a circle have no leader.
        files.stream().filter(file -> !ordered.contains(file)).forEach(ordered::add);
        return ordered;
    }

    private static Piece piece(String file) throws IOException {
        ChainPoint last = FileTail.of(AuditFiles.path(file)).last();
        try (LineReader lines = AuditFiles.reader(file)) {
            while (lines.next()) {
                ChainLine first = ChainLine.parse(lines.bytes(), lines.start(), lines.end());
                if (first != null) {
                    String text = new String(lines.bytes(), lines.start(), lines.end() - lines.start(), UTF_8);
                    return new Piece(file, first.sequence(), first.previous(), text, last);
                }
            }
        }
        return new Piece(file, Long.MAX_VALUE, null, "", last);
    }

    private record Piece(
            String file,
            long sequence,
            @Nullable String previous,
            String beginning,
            @Nullable ChainPoint last) {}
}
