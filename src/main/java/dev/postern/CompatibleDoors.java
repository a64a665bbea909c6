package dev.postern;

import dev.postern.api.aws.AwsApiConfig;
import dev.postern.api.aws.AwsDoor;
import dev.postern.api.listener.Listener;
import dev.postern.api.vault.VaultApiConfig;
import dev.postern.api.vault.VaultDoor;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

/** The doors for clients of other APIs. Those that are off are not created. */
@Singleton
final class CompatibleDoors {
    private final AwsApiConfig aws;
    private final Instance<AwsDoor> awsDoor;
    private final VaultApiConfig vault;
    private final Instance<VaultDoor> vaultDoor;

    CompatibleDoors(AwsApiConfig aws, Instance<AwsDoor> awsDoor, VaultApiConfig vault, Instance<VaultDoor> vaultDoor) {
        this.aws = aws;
        this.awsDoor = awsDoor;
        this.vault = vault;
        this.vaultDoor = vaultDoor;
    }

    void serve(Listener listener) {
        if (aws.enabled()) {
            listener.serve(awsDoor.get(), AwsDoor.PORT, aws.port());
        }
        if (vault.enabled()) {
            listener.serve(vaultDoor.get(), VaultDoor.PORT, vault.port());
        }
    }
}
