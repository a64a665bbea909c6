package dev.postern.files;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.api.media.EnvLines;
import dev.postern.api.media.Json;
import dev.postern.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes secrets in the format of one file. */
final class Content {
    private static final Pattern SPECIAL_IN_YAML =
            Pattern.compile("[\\u007f-\\u009f\\u2028\\u2029\\ufeff\\ufffe\\uffff]");

    private Content() {}

    /**
     * @param secrets by the names that they have in the file, in its order
     * @throws FaultException if the format cannot hold one of the values; the detail names it
     */
    static byte[] of(Target target, Map<String, Secret> secrets) {
        Template template = target.template();
        return template == null ? of(target.format(), secrets) : filled(template, secrets);
    }

    private static byte[] filled(Template template, Map<String, Secret> secrets) {
        secrets.forEach((name, secret) -> {
            if (template.needsText(name)) {
                checkText(name, secret);
            }
        });
        return template.render(secrets);
    }

    static byte[] of(Format format, Map<String, Secret> secrets) {
        return switch (format) {
            case RAW, DIRECTORY, TEMPLATE ->
                secrets.values().iterator().next().value().clone();
            case DOTENV -> lines(secrets, EnvLines.DOTENV::line);
            case SHELL -> lines(secrets, EnvLines.SHELL::line);
            case DOCKER -> lines(secrets, EnvLines.DOCKER::line);
            case PROPERTIES -> lines(secrets, PropertiesLines::line);
            case YAML -> lines(secrets, Content::yaml);
            case JSON -> json(secrets);
        };
    }

    private interface Line {
        String of(String name, byte[] value);
    }

    private static byte[] lines(Map<String, Secret> secrets, Line line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        secrets.forEach((name, secret) -> {
            checkText(name, secret);
            try {
                out.writeBytes(line.of(name, secret.value()).getBytes(StandardCharsets.UTF_8));
            } catch (FaultException e) {
                throw unfit(name);
            }
        });
        return out.toByteArray();
    }

    private static void checkText(String name, Secret secret) {
        if (!secret.isText()) {
            throw unfit(name);
        }
    }

    private static FaultException unfit(String name) {
        String detail = "The value of " + name + " does not fit the format of the file.";
        return new FaultException(Fault.of(FaultCode.NOT_ACCEPTABLE, detail).because("unfit-value"));
    }

    private static String yaml(String name, byte[] value) {
        return yaml(name.getBytes(StandardCharsets.UTF_8)) + ": " + yaml(value) + "\n";
    }

    /**
     * A string of JSON, with escapes for characters that are line breaks or not allowed in <a
     * href="https://yaml.org/spec/1.1/#id868524">YAML 1.1</a>.
     */
    private static String yaml(byte[] text) {
        return SPECIAL_IN_YAML
                .matcher(string(text))
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
    }

    /** A string of JSON. */
    static String string(byte[] text) {
        return Json.write(text.length + 2, json -> json.writeString(new String(text, StandardCharsets.UTF_8)))
                .toString(StandardCharsets.UTF_8);
    }

    private static byte[] json(Map<String, Secret> secrets) {
        secrets.forEach(Content::checkText);
        int bytes = secrets.values().stream()
                .mapToInt(secret -> secret.value().length)
                .sum();
        return Json.write(bytes, json -> {
                    json.writeStartObject();
                    for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
                        json.writeStringField(
                                secret.getKey(), new String(secret.getValue().value(), StandardCharsets.UTF_8));
                    }
                    json.writeEndObject();
                })
                .getBytes();
    }
}
