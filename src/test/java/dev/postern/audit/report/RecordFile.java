package dev.postern.audit.report;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.Commands;
import dev.postern.audit.chain.Chain;
import dev.postern.audit.chain.ChainHash;
import dev.postern.audit.chain.Lines;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A record with lines of any kind, and what is reported of it. */
final class RecordFile {
    private final Path file;
    private final ChainHash hash;
    private final Lines lines = new Lines();
    private Chain chain;
    private Configured configured = new Configured(Set.of(), null);

    RecordFile(Path file) {
        this(file, ChainHash.plain());
    }

    RecordFile(Path file, ChainHash hash) {
        this.file = file;
        this.hash = hash;
        chain = new Chain(hash, null, new SecureRandom());
    }

    /** The next line begins a chain. */
    RecordFile beginChain() {
        chain = new Chain(hash, null, new SecureRandom());
        return this;
    }

    /** @param more further fields, each a name and a value */
    RecordFile line(String time, String action, String outcome, Object... more) {
        JsonObject line = new JsonObject()
                .put("@timestamp", time)
                .put("event.action", action)
                .put("event.outcome", outcome);
        for (int i = 0; i < more.length; i += 2) {
            line.put((String) more[i], more[i + 1]);
        }
        int start = lines.size();
        // As the service does, so that a name outside ASCII cannot be told from its escapes.
        lines.writeBytes((ascii(line.encode()) + "\n").getBytes(US_ASCII));
        chain.seal(lines, start, null, 0);
        return this;
    }

    private static String ascii(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c < 0x7f ? (char) c : String.format("\\u%04x", c)));
        return escaped.toString();
    }

    RecordFile read(String time, String caller, String secret, Object... more) {
        List<Object> fields = new ArrayList<>(List.of(more));
        fields.addAll(List.of("user.id", caller, "postern.secret", secret, "http.response.status_code", 200));
        return line(time, "secret-read", "success", fields.toArray());
    }

    RecordFile denial(String time, String caller, String secret) {
        return line(
                time,
                "secret-read",
                "failure",
                "event.reason",
                "no-rule",
                "user.id",
                caller,
                "postern.secret",
                secret,
                "http.response.status_code",
                403);
    }

    RecordFile knowing(Configured known) {
        configured = known;
        return this;
    }

    /** The lines so far, without their line feeds. */
    List<String> lines() {
        return lines.toString(US_ASCII).lines().toList();
    }

    JsonObject json(String... options) throws IOException {
        return new JsonObject(report("json", options));
    }

    String report(String output, String... options) throws IOException {
        Files.writeString(file, lines.toString(US_ASCII));
        return reportOfFile(output, options);
    }

    /** The report of the file as it is. */
    String reportOfFile(String output, String... options) {
        List<String> words = new ArrayList<>(List.of("report", "--output", output));
        words.addAll(List.of(options));
        words.add(file.toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        assertThat(Commands.audit(words, () -> configured, print, print))
                .as(out.toString(UTF_8))
                .isZero();
        return out.toString(UTF_8);
    }
}
