package dev.postern.caller.mtls;

import java.security.cert.CertificateException;

/** A client certificate is refused. The message has nothing of the certificate. */
final class CertificateRefusedException extends CertificateException {
    private final Refusal refusal;

    CertificateRefusedException(Refusal refusal) {
        super(refusal.sentence());
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
