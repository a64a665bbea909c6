package dev.postern.backend.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureNameTest {
    private static final String[] PIECES = {
        "a",
        "b",
        "z9",
        "A",
        "B",
        "DATABASE",
        "URL",
        "caps",
        "CAPS",
        "Caps",
        "x-y",
        "-",
        "--",
        "_",
        "/",
        ".",
        " x",
        "2d",
        "5f",
        "50",
        "\u00e9",
        "\ud83d\udd11",
        "@",
        ":"
    };

    @ParameterizedTest
    @CsvSource({
        "ml-workflow-secret-key, ml-workflow-secret-key",
        "ml-workflow/production/app, ml-workflow--production--app",
        "db_password, db---password",
        "DATABASE_URL, caps--database-url",
        "SECRET_KEY, caps--secret-key",
        "2FA_KEY, caps--2fa-key",
        "ml-workflow/production/DATABASE_URL, ml-workflow--production--caps--database-url",
        "2026/1, 2026--1",
        "app.yaml, app----2eyaml",
        "dbPassword, db----50assword",
        "caps/database-url, ----63aps--database-url",
        "caps, ----63aps",
        "caps-lock, caps-lock",
        "a--b, a----2d----2db",
        "_a, ----5fa",
        "A-B, ----41----2d----42",
        "\u00e9, ----c3----a9"
    })
    void a_name_has_one_spelling_in_the_vault(String name, String spelling) {
        assertThat(encode(name)).isEqualTo(spelling);
        assertThat(decode(spelling)).isEqualTo(name);
    }

    @Test
    void no_two_names_become_one_and_each_can_be_told_from_its_spelling() {
        Random random = new Random(20261125);
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            String name = text.toString();
            if (name.length() > 10 || !isName(name)) {
                continue;
            }
            String spelling = encode(name);
            assertThat(spelling).matches("[0-9a-z-]{1,127}");
            assertThat(names.putIfAbsent(spelling, name)).isIn(null, name);
            assertThat(decode(spelling)).isEqualTo(name);
        }
        assertThat(names).hasSizeGreaterThan(10_000);
    }

    @Test
    void every_plain_name_is_its_own_spelling() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            String name = random.ints(1 + random.nextInt(5), 0, 36 * 36)
                    .mapToObj(word -> Integer.toString(word, 36))
                    .collect(Collectors.joining("-"));
            assertThat(encode(name)).isEqualTo(name.equals("caps") ? "----63aps" : name);
        }
    }

    @Test
    void a_spelling_that_is_too_long_is_not_found() {
        assertThat(encode("x".repeat(127))).hasSize(127);
        assertThatThrownBy(() -> encode("x".repeat(128))).isInstanceOf(SecretNotFoundException.class);
        assertThatThrownBy(() -> encode("X".repeat(122))).isInstanceOf(SecretNotFoundException.class);
    }

    /** The page tells users to make names so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ml-workflow/production/app",
                "db_password",
                "DATABASE_URL",
                "ml-workflow/production/DATABASE_URL",
                "A/b/C_1/d_e"
            })
    void the_documented_command_spells_names_as_this_does(String name) throws Exception {
        Matcher command = Pattern.compile("(?m)^    keyvault_name\\(\\) \\{.*\\R(?s:.*?)^    }$")
                .matcher(Files.readString(Path.of("docs/backends/azure.md")));
        assertThat(command.find()).isTrue();
        Process shell = new ProcessBuilder("sh", "-c", command.group() + "\nkeyvault_name \"$1\"", "sh", name)
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(said.strip()).isEqualTo(encode(name));
    }

    private static String encode(String name) {
        return AzureName.encode(new SecretName(name));
    }

    private static boolean isName(String text) {
        try {
            new SecretName(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The rule, backwards. */
    private static String decode(String spelling) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        String rest = spelling;
        boolean capitals = false;
        while (!rest.isEmpty()) {
            int plain = span(rest, "[0-9a-z]*");
            if (!capitals && atSegment(name) && rest.matches("caps--[0-9a-z].*")) {
                capitals = true;
                rest = rest.substring("caps--".length());
                continue;
            }
            String letters = rest.substring(0, plain);
            name.writeBytes((capitals ? letters.toUpperCase(Locale.ROOT) : letters).getBytes(UTF_8));
            rest = rest.substring(plain);
            int hyphens = span(rest, "-*");
            rest = rest.substring(hyphens);
            if (hyphens == 2 || hyphens == 6) {
                capitals = false;
            }
            name.writeBytes(
                    switch (hyphens) {
                        case 0 -> new byte[0];
                        case 1 -> new byte[] {(byte) (capitals ? '_' : '-')};
                        case 2, 6 -> new byte[] {'/'};
                        case 3 -> new byte[] {'_'};
                        case 4 -> new byte[0];
                        default -> throw new AssertionError(spelling);
                    });
            if (hyphens == 4 || hyphens == 6) {
                name.writeBytes(HexFormat.of().parseHex(rest.substring(0, 2)));
                rest = rest.substring(2);
            }
        }
        return name.toString(UTF_8);
    }

    private static boolean atSegment(ByteArrayOutputStream name) {
        byte[] bytes = name.toByteArray();
        return bytes.length == 0 || Arrays.equals(new byte[] {bytes[bytes.length - 1]}, new byte[] {'/'});
    }

    private static int span(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.lookingAt() ? matcher.end() : 0;
    }
}
