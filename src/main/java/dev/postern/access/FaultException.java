package dev.postern.access;

/** Ends an access, or one of its reads, with a fault. */
public final class FaultException extends RuntimeException {
    private final transient Fault fault;

    /** @param fault what the caller is to be told */
    public FaultException(Fault fault) {
        super(fault.code().label(), null, false, false);
        this.fault = fault;
    }

    /** What the caller is to be told. */
    public Fault fault() {
        return fault;
    }
}
