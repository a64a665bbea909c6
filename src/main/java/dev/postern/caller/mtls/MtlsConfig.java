package dev.postern.caller.mtls;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The settings of authentication by client certificate. */
public interface MtlsConfig {
    /** Whether there is a listener that asks for client certificates. */
    @WithDefault("false")
    boolean enabled();

    /** The PEM file with the listener's own certificate, and those that lead to its authority. */
    Optional<String> certificate();

    /** The PEM file with the key of that certificate, not encrypted. */
    Optional<String> key();

    /** The PEM file with the certificates of the authorities that may vouch for callers. */
    Optional<String> bundle();
}
