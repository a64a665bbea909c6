package dev.postern.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.config.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The digest of rules: SHA-256 of compact JSON with an object for each rule, {@code {"allow":[...],"callers":[...]}}.
 * Names and elements are sorted, so that the order in a file does not matter.
 */
public final class PolicyDigest {
    private static final JsonFactory JSON = new JsonFactory();

    private PolicyDigest() {}

    public static String of(PolicyConfig config) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, PolicyConfig.Rule> rule : new TreeMap<>(config.rules()).entrySet()) {
                json.writeObjectFieldStart(rule.getKey());
                write(json, "allow", rule.getValue().allow());
                write(json, "callers", rule.getValue().callers());
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
        return ContentDigest.of(out.toByteArray());
    }

    private static void write(JsonGenerator json, String field, Set<String> texts) throws IOException {
        Set<String> sorted = new TreeSet<>();
        texts.forEach(text -> sorted.add(text.strip()));
        json.writeArrayFieldStart(field);
        for (String text : sorted) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
