package dev.postern.caller.mtls;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The settings of authentication by client certificate. */
public interface MtlsConfig {
    /** Whether client certificates are accepted, on a listener of their own. */
    @WithDefault("false")
    boolean enabled();

    /** The PEM file with the listener's own certificate, and those up to its authority. */
    Optional<String> certificate();

    /** The PEM file with the unencrypted key of that certificate. */
    Optional<String> key();

    /** The PEM file with the certificates of the callers' authorities. */
    Optional<String> bundle();
}
