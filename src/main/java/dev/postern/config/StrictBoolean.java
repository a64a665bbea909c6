package dev.postern.config;

import jakarta.annotation.Priority;
import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Accepts only {@code true}, {@code yes}, {@code y}, {@code on}, {@code 1} and their opposites. The framework's
 * converter reads a typo as {@code false}, and would switch off what should be on.
 */
@Priority(200)
public final class StrictBoolean implements Converter<Boolean> {
    /** @throws IllegalArgumentException if the text is none of these */
    @Override
    public Boolean convert(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "on", "1" -> true;
            case "false", "no", "n", "off", "0" -> false;
            default -> throw new IllegalArgumentException("it is neither true nor false");
        };
    }
}
