package dev.postern.backend.aws;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Which Secrets Manager is asked, and as whom. What is absent the SDK finds as it does everywhere else. */
@ConfigMapping(prefix = "postern.backends.aws")
public interface AwsConfig {
    /** The region, such as {@code us-east-1}. */
    Optional<String> region();

    /** The URL of the service, where it is not the region's own. */
    Optional<String> endpoint();

    /** The role to assume, by its ARN. */
    Optional<String> roleArn();
}
