package dev.postern.backend.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.backend.OutageContract;
import dev.postern.backend.SecretBackend;
import dev.postern.backend.TestProxy;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

class AwsOutageTest extends OutageContract {
    private FakeSecretsManager server;
    private AwsBackend backend;

    @Override
    protected int start() {
        server = new FakeSecretsManager();
        server.put("app", "value".getBytes(UTF_8));
        return URI.create(server.url()).getPort();
    }

    @Override
    protected SecretBackend backend(String url) {
        backend = new AwsBackend(
                SettingsOfAws.at(url),
                TIMEOUT,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "made-up")),
                () -> Region.US_EAST_1,
                TestProxy.NONE);
        backend.check();
        return backend;
    }

    @Override
    protected void stop() {
        backend.close();
        server.close();
    }
}
