package dev.postern.concurrent;

import java.util.concurrent.ThreadFactory;

/** Creates threads that do not keep the process alive. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** A factory whose threads all have the name {@code name}, which thread dumps and profiles show. */
    public static ThreadFactory named(String name) {
        return run -> {
            Thread thread = new Thread(run, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
