package dev.postern.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.text.Normalizer;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent as a name is refused as that, or has one spelling. */
class NameFuzzTest {
    @ValueSource(
            strings = {
                "app",
                "ml-workflow/production/app",
                "vault:a/b",
                "arn:aws:secretsmanager:us-east-1:1:secret:a-AbCdEf",
                "aws:arn:aws:x",
                "user@host",
                "a%23b",
                "a%3Ab",
                "..",
                "%2e%2e",
                "a%2Fb",
                "a%252Fb",
                "%c0%ae%c0%ae",
                "%ed%a0%80",
                "e%CC%81",
                "\u00e9",
                "a//b",
                "a/./b",
                "a\\b",
                "a\u0000b",
                "\ud83d",
                "a%",
                "a%4",
                "%F0%9F%94%91"
            })
    @FuzzTest(maxDuration = "1m")
    void a_path_is_refused_or_has_one_spelling(@NotNull String path) {
        SecretRef ref;
        try {
            ref = SecretRef.parsePath(path);
        } catch (InvalidReferenceException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        String name = ref.name().value();
        assertThat(Normalizer.normalize(name, Normalizer.Form.NFC)).isEqualTo(name);
        assertThat(name).doesNotContain("//", "\\", "%", "\u0000", "\n", "\r");
        assertThat(("/" + name + "/")).doesNotContain("/../", "/./", "//");
        assertThat(SecretRef.parsePath(ref.toString())).isEqualTo(ref);
    }

    @ValueSource(
            strings = {
                "app",
                "vault:a/b#K@3",
                "a#/x/y",
                "a#/x~1y~0",
                "a#~2",
                "a@AWSPREVIOUS",
                "a%40b@1",
                "a#x%40y@2",
                "#",
                "@",
                "a#",
                "a@",
                "a##b",
                "a@b@c",
                ":",
                "a:"
            })
    @FuzzTest(maxDuration = "1m")
    void a_reference_is_refused_or_keeps_its_parts_apart(@NotNull String text) {
        SecretRef ref;
        try {
            ref = SecretRef.parse(text);
        } catch (InvalidReferenceException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        if (ref.property() != null) {
            assertThat(Property.parse(ref.property().toString())).isEqualTo(ref.property());
            assertThat(ref.property().covers(ref.property())).isTrue();
        }
        // The backend and the name, without what is asked of them, are the same path.
        assertThat(SecretRef.parsePath(ref.with(null, null).toString())).isEqualTo(ref.with(null, null));
    }
}
