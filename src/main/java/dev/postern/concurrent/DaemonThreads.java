package dev.postern.concurrent;

import java.util.concurrent.ThreadFactory;

/** Makes threads that do not keep the process from ending. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** A factory whose threads all have the name {@code name}, under which thread dumps and profiles show them. */
    public static ThreadFactory named(String name) {
        return run -> {
            Thread thread = new Thread(run, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
