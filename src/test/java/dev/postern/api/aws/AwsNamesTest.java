package dev.postern.api.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.secret.Property;
import dev.postern.secret.SecretRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsNamesTest {
    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/app-a1B2c3";

    @Test
    void a_name_may_have_a_field() {
        SecretRef asked = AwsNames.parse("aws", "team/app#KEY", null);
        assertThat(asked.backend()).isEqualTo("aws");
        assertThat(asked.name().value()).isEqualTo("team/app");
        assertThat(asked.property()).isEqualTo(Property.parse("KEY"));
    }

    @Test
    void an_arn_stays_as_it_is_because_it_may_be_of_another_account() {
        assertThat(AwsNames.parse(null, ARN, null).name().value()).isEqualTo(ARN);
    }

    @ParameterizedTest
    @CsvSource({
        ARN + ",team/app",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app,app",
        "team/app-a1B2c3,team/app-a1B2c3",
    })
    void the_name_in_an_answer_has_no_suffix(String asked, String name) {
        assertThat(AwsNames.name(AwsNames.parse(null, asked, null))).isEqualTo(name);
    }

    @Test
    void an_arn_is_the_managers_or_one_that_no_account_has() {
        SecretRef app = AwsNames.parse(null, "app", null);
        assertThat(AwsNames.arn(app, ARN)).isEqualTo(ARN);
        assertThat(AwsNames.arn(app, null)).contains(":000000000000:secret:app-");
    }
}
