package dev.postern.api.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String VALID = "00-" + ID + "-b7ad6b7169203331-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                VALID,
                "01-" + ID + "-b7ad6b7169203331-01",
                "01-" + ID + "-b7ad6b7169203331-01-more",
            })
    void the_traces_id_is_taken(String field) {
        assertThat(TraceParent.traceId(List.of(field))).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                ID,
                "ff-" + ID + "-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-" + ID + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-" + ID + "-b7ad6b7169203331-01-more",
                "01-" + ID + "-b7ad6b7169203331-01more",
                "00-" + ID + "-b7ad6b7169203331-0",
                "00_" + ID + "-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319\n-b7ad6b7169203331-01",
                "00-\u001b[31m916cd43dd8448eb211c80319c0-b7ad6b7169203331-01",
            })
    void what_is_not_valid_is_none(String field) {
        assertThat(TraceParent.traceId(List.of(field))).isNull();
    }

    @Test
    void two_fields_are_none() {
        assertThat(TraceParent.traceId(List.of(VALID, VALID))).isNull();
        assertThat(TraceParent.traceId(List.of())).isNull();
    }
}
