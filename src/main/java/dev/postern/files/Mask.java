package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.api.media.EnvLines;
import dev.postern.secret.Secret;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * Hides the values of secrets in what a command has printed. Finds each value as it is, each of its lines, and the
 * value as it stands in JSON, in a shell, in a URL and in base64. Keeps copies of the values, which {@link #close}
 * overwrites.
 */
final class Mask implements AutoCloseable {
    private static final String HIDDEN = "***";
    /** A shorter line, as a brace, is found everywhere. */
    private static final int LEAST_LINE_CHARS = 4;

    private final List<byte[]> values = new ArrayList<>();

    Mask(Collection<Secret> secrets) {
        secrets.forEach(secret -> values.add(secret.value().clone()));
    }

    /**
     * The first {@code length} bytes as one line of text without the values. The bytes after them only complete values
     * that begin before.
     */
    static String hide(Collection<Mask> masks, byte[] output, int length) {
        boolean[] hidden = new boolean[output.length];
        for (Mask mask : masks) {
            for (byte[] value : mask.values) {
                forms(value).forEach(form -> mark(output, form, hidden));
            }
        }
        StringBuilder text = new StringBuilder();
        int end = Math.min(length, output.length);
        for (int from = 0, to; from < end; from = to) {
            to = from + 1;
            while (to < end && hidden[to] == hidden[from]) {
                to++;
            }
            text.append(hidden[from] ? HIDDEN : new String(output, from, to - from, UTF_8));
        }
        String line = text.toString().strip().replaceAll("\\R+", " | ").replaceAll("\\p{Cntrl}", "?");
        return end < output.length ? line + " ..." : line;
    }

    private static List<byte[]> forms(byte[] value) {
        String text = new String(value, UTF_8);
        String json = Content.string(value);
        List<String> forms = new ArrayList<>(text.lines()
                .map(String::strip)
                .filter(line -> line.length() >= LEAST_LINE_CHARS)
                .toList());
        forms.add(json.substring(1, json.length() - 1));
        forms.add(EnvLines.SHELL.quote(text));
        forms.add(URLEncoder.encode(text, UTF_8).replace("+", "%20"));
        forms.add(Base64.getEncoder().withoutPadding().encodeToString(value));
        List<byte[]> bytes = new ArrayList<>(List.of(value));
        forms.forEach(form -> bytes.add(form.getBytes(UTF_8)));
        return bytes;
    }

    private static void mark(byte[] output, byte[] form, boolean[] hidden) {
        for (int at = 0; form.length > 0 && at <= output.length - form.length; at++) {
            if (Arrays.equals(output, at, at + form.length, form, 0, form.length)) {
                Arrays.fill(hidden, at, at + form.length, true);
            }
        }
    }

    @Override
    public void close() {
        values.forEach(value -> Arrays.fill(value, (byte) 0));
    }
}
