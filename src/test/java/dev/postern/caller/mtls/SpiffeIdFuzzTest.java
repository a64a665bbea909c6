package dev.postern.caller.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.net.URI;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a certificate's URI is, it is one SPIFFE ID in its one spelling, or none. */
class SpiffeIdFuzzTest {
    @ValueSource(
            strings = {
                "spiffe://cluster.local/ns/ml/sa/trainer",
                "spiffe://td",
                "spiffe://td/",
                "spiffe://td//a",
                "spiffe://td/../a",
                "spiffe://td/%61",
                "spiffe://TD/a",
                "spiffe://td:443/a",
                "spiffe://user@td/a",
                "spiffe://td/a?b#c",
                "spiffe:///a",
                "SPIFFE://td/a",
                "https://td/a"
            })
    @FuzzTest(maxDuration = "1m")
    void a_uri_is_an_id_in_its_one_spelling_or_none(@NotNull String text) {
        SpiffeId id = SpiffeId.parse(text);
        if (id == null) {
            return;
        }
        assertThat(id).hasToString(text);
        URI uri = URI.create(text).normalize();
        assertThat(uri).hasToString(text);
        assertThat(uri.getScheme()).isEqualTo("spiffe");
        assertThat(uri.getRawAuthority()).isEqualTo(id.trustDomain());
        assertThat(uri.getRawPath()).isEqualTo(id.path());
        assertThat(uri.getRawQuery()).isNull();
        assertThat(uri.getRawFragment()).isNull();
    }
}
