package dev.postern.backend.aws;

import dev.postern.backend.BackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class AwsContractTest extends BackendContract {
    @TempDir
    Path directory;

    @Override
    protected Stand stand() throws Exception {
        return new AwsStand(directory);
    }
}
