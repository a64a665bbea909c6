package dev.postern.backend.aws;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Which Secrets Manager the {@code aws} backend reads from, and as whom. Credentials are found as the SDK does. */
@ConfigMapping(prefix = "postern.backends.aws")
public interface AwsConfig {
    /** The region, such as {@code eu-west-1}; where this is absent the SDK's own, such as {@code AWS_REGION}. */
    Optional<String> region();

    /**
     * The URL of Secrets Manager, such as that of a VPC endpoint; where this is absent the SDK's own, such as
     * {@code AWS_ENDPOINT_URL}, or else the region's. It does not apply to the service that hands out roles.
     */
    Optional<String> endpoint();

    /** The ARN of a role to assume before reading; where this is absent the credentials found are used themselves. */
    Optional<String> roleArn();
}
