package dev.postern.caller.mtls;

import java.security.cert.CertificateException;

/** A client certificate proves nobody. Nothing of the certificate is in the message. */
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
