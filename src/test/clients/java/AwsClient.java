import com.amazonaws.secretsmanager.caching.SecretCache;
import com.amazonaws.secretsmanager.caching.SecretCacheConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Scanner;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * Answers the questions on standard input, one on a line, by the AWS SDK for Java; with the argument {@code caching} by
 * its cache for secrets.
 */
public class AwsClient {
    private static final SecretsManagerClient CLIENT = SecretsManagerClient.create();
    private static final SecretCache CACHE =
            new SecretCache(new SecretCacheConfiguration().withClient(CLIENT).withCacheItemTTL(1000));

    public static void main(String[] arguments) {
        boolean caching = arguments.length > 0;
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String[] words = lines.nextLine().split(" ");
            System.out.println(caching ? cached(words) : plain(words));
        }
    }

    private static String plain(String[] words) {
        try {
            GetSecretValueResponse secret = CLIENT.getSecretValue(GetSecretValueRequest.builder()
                    .secretId(words[1])
                    .versionStage(words.length > 2 ? words[2] : null)
                    .build());
            return secret.secretString() == null
                    ? "binary "
                            + Base64.getEncoder()
                                    .encodeToString(secret.secretBinary().asByteArray())
                    : "text " + secret.secretString();
        } catch (AwsServiceException e) {
            return "error " + e.awsErrorDetails().errorCode();
        } catch (RuntimeException e) {
            return "error " + e;
        }
    }

    private static String cached(String[] words) {
        try {
            return words[0].equals("bytes")
                    ? "binary "
                            + StandardCharsets.ISO_8859_1.decode(
                                    Base64.getEncoder().encode(CACHE.getSecretBinary(words[1])))
                    : "text " + CACHE.getSecretString(words[1]);
        } catch (AwsServiceException e) {
            return "error " + e.awsErrorDetails().errorCode();
        } catch (RuntimeException e) {
            return "error " + e;
        }
    }
}
