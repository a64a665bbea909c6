package dev.postern.backend.aws;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The settings of the {@code aws} backend. The SDK finds the credentials. */
@ConfigMapping(prefix = "postern.backends.aws")
public interface AwsConfig {
    /** The region, such as {@code eu-west-1}; by default the SDK's, such as from {@code AWS_REGION}. */
    Optional<String> region();

    /**
     * The URL of Secrets Manager, such as that of a VPC endpoint. By default the SDK's, such as from
     * {@code AWS_ENDPOINT_URL}, or else the region's. It does not apply to STS.
     */
    Optional<String> endpoint();

    /** The ARN of a role to assume. By default, the SDK's credentials are used as they are. */
    Optional<String> roleArn();
}
