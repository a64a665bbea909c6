package dev.postern.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.api.media.EnvLines;
import dev.postern.config.InvalidSettingException;
import dev.postern.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text with <code>{{ KEY }}</code> or <code>{{ KEY | filter }}</code> in the places of secrets. It has no logic. */
record Template(List<Template.Part> parts) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([^\\s|{}]+)\\s*(?:\\|\\s*([a-z0-9]+)\\s*)?}}");
    private static final Set<String> FILTERS = Set.of("json", "base64", "shell", "url");

    /** Text, or the place of a secret with the filter that it goes through, if any. */
    record Part(String text, boolean secret, @Nullable String filter) {}

    /**
     * @param setting names the template in messages
     * @param names the secrets that it may name
     * @throws InvalidSettingException if it names anything else
     */
    static Template parse(String setting, String text, Set<String> names) {
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int end = 0;
        while (place.find()) {
            parts.add(text(setting, text.substring(end, place.start())));
            String filter = place.group(2);
            if (!names.contains(place.group(1))) {
                throw new InvalidSettingException(
                        setting + ": " + place.group(1) + ": must be one of the file's secrets, " + names);
            }
            if (filter != null && !FILTERS.contains(filter)) {
                throw new InvalidSettingException(
                        setting + ": " + filter + ": must be one of the filters json, base64, shell, url");
            }
            parts.add(new Part(place.group(1), true, filter));
            end = place.end();
        }
        parts.add(text(setting, text.substring(end)));
        return new Template(parts);
    }

    private static Part text(String setting, String text) {
        if (text.contains("{{")) {
            throw new InvalidSettingException(
                    setting + ": {{ must be followed by the name of a secret, an optional filter and }}");
        }
        return new Part(text, false, null);
    }

    byte[] render(Map<String, Secret> secrets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Part part : parts) {
            Secret secret = part.secret() ? secrets.get(part.text()) : null;
            out.writeBytes(secret == null ? part.text().getBytes(UTF_8) : filter(part.filter(), secret.value()));
        }
        return out.toByteArray();
    }

    private static byte[] filter(@Nullable String filter, byte[] value) {
        if (filter == null) {
            return value;
        }
        String text = new String(value, UTF_8);
        String filtered = switch (filter) {
            case "json" -> Content.string(value);
            case "base64" -> Base64.getEncoder().encodeToString(value);
            case "shell" -> EnvLines.SHELL.quote(text);
            default -> URLEncoder.encode(text, UTF_8).replace("+", "%20");
        };
        return filtered.getBytes(UTF_8);
    }

    /** Whether it writes the values of all these secrets as they are, or as text. */
    boolean needsText(String name) {
        return parts.stream()
                .anyMatch(part -> part.secret() && part.text().equals(name) && !"base64".equals(part.filter()));
    }
}
