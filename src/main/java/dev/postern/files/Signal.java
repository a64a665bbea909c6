package dev.postern.files;

/** Signals that tell a process to do something, with their numbers on Linux. */
public enum Signal {
    /** Usually to read the configuration again. */
    HUP(1),
    /** To stop, as by Ctrl-C. */
    INT(2),
    /** To stop; for some servers, once all requests are answered. */
    QUIT(3),
    /** What the process makes of it. */
    USR1(10),
    /** What the process makes of it. */
    USR2(12),
    /** To stop. */
    TERM(15),
    /** For some servers, to end their workers once all requests are answered. */
    WINCH(28);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
