package dev.postern.access;

/** Ends an access, or one of its reads, with a fault. */
public final class FaultException extends RuntimeException {
    private final transient Fault fault;

    /** @param fault the fault for the caller */
    public FaultException(Fault fault) {
        super(fault.code().label(), null, false, false);
        this.fault = fault;
    }

    /** The fault for the caller. */
    public Fault fault() {
        return fault;
    }
}
