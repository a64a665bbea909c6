package dev.postern.config;

import jakarta.annotation.Priority;
import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Takes {@code true}, {@code yes}, {@code on}, {@code 1} and their opposites, and nothing else: the framework's own
 * converter takes a slip of the pen for {@code false}, and switches off what was to be on.
 */
@Priority(200)
public final class StrictBoolean implements Converter<Boolean> {
    /** @throws IllegalArgumentException if the text is neither true nor false */
    @Override
    public Boolean convert(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "on", "1" -> true;
            case "false", "no", "n", "off", "0" -> false;
            default -> throw new IllegalArgumentException("it is neither true nor false");
        };
    }
}
