package dev.postern.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hvs.CAESIJ3X2kQm7pT1vZ8yRw0aB",
                "s.Iy0nTV8rGnxBqQdBkcPrjaFu",
                "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl",
                "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDx+3n8",
                "wvF8Q~k3bPz1mXr7TtYhLq9sDdJcNe2oVuGiAaR5",
                "5f4dcc3b5aa765d61d8327deb882cf99",
                "ya29.a0AfH6SMBx3kYvQ1z8",
                "ya29.short",
                "hvb.short"
            })
    void what_looks_like_a_credential_is_cut_out(String credential) {
        assertThat(UpstreamText.clean("refused: x-amz-security-token:" + credential + " is bad"))
                .isEqualTo("refused: x-amz-security-token:[cut] is bad");
    }

    @Test
    void a_long_run_is_cut_out_whatever_it_is_of() {
        assertThat(UpstreamText.clean("a=" + "b".repeat(101))).isEqualTo("[cut]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User: arn:aws:sts::123456789012:assumed-role/ml-workflow-reader/i-0123456789abcdef0 is not authorized to"
                        + " perform: secretsmanager:GetSecretValue on resource: ml-workflow/production/app because no"
                        + " identity-based policy allows the secretsmanager:GetSecretValue action",
                "Permission 'secretmanager.versions.access' denied for resource"
                        + " 'projects/my-project/secrets/ml-workflow-secret-key/versions/latest' (or it may not exist).",
                "Caller appid=b7c1d2e3-0000-4000-8000-123456789abc;oid=c7c1d2e3-0000-4000-8000-123456789abc",
                "1 error occurred: * permission denied",
                "AADSTS700016: Application with identifier 'b7c1d2e3-0000-4000-8000-123456789abc' was not found"
            })
    void what_helps_to_find_the_fault_stays(String said) {
        assertThat(UpstreamText.clean(said)).isEqualTo(said);
    }

    @Test
    void it_is_one_line_of_printable_characters() {
        assertThat(UpstreamText.clean(" a\n\tb\u001b[31m\u2028c\u0000 ")).isEqualTo("a b [31m c");
    }

    @Test
    void it_is_bounded() {
        assertThat(UpstreamText.clean("word ".repeat(1000))).hasSize(503).endsWith("...");
    }
}
