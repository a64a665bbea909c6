package dev.postern.api.aws;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.access.Read;
import dev.postern.secret.Secret;
import dev.postern.secret.Version;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret as AWS describes it.
 *
 * @param createdAt when the version was created, or null if that is unknown
 */
record AwsSecret(
        String arn,
        String name,
        String versionId,
        List<String> stages,
        @Nullable Instant createdAt,
        Secret secret) {
    private static final List<String> CURRENT = List.of(AwsVersions.CURRENT);

    /**
     * @param versionId the version that was asked for, or null
     * @throws FaultException if the read failed, or the secret no longer has that version
     */
    static AwsSecret of(Read read, @Nullable String versionId) {
        Fault fault = read.fault();
        if (fault != null) {
            throw new FaultException(fault);
        }
        Secret secret = read.secret();
        if (AwsVersions.isOther(versionId, secret)) {
            throw new FaultException(Fault.of(FaultCode.SECRET_NOT_FOUND));
        }
        Version asked = read.address().version();
        List<String> own = secret.metadata().stages();
        List<String> stages = own.isEmpty() && asked == null ? CURRENT : own;
        return new AwsSecret(
                AwsNames.arn(read.asked(), secret.metadata().resourceName()),
                AwsNames.name(read.asked()),
                AwsVersions.id(secret),
                stages,
                secret.createdAt(),
                secret);
    }
}
