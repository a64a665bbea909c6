package dev.postern.files;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Optional;

/**
 * Sends signals. Java itself can only end processes.
 *
 * <p>Since Java 22 the C library is called, because Postern's image has no program {@code kill}. The classes for that
 * are not among those of Java 17, which this is compiled for.
 */
final class Kill {
    private static final int FIRST_WITH_LINKER = 22;
    private static final String FOREIGN = "java.lang.foreign.";

    private Kill() {}

    /** Returns whether it could be sent. */
    static boolean send(Signal signal, long pid) throws IOException, InterruptedException {
        return Runtime.version().feature() >= FIRST_WITH_LINKER
                ? Library.send(signal.number(), pid)
                : new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
    }

    /** <a href="https://pubs.opengroup.org/onlinepubs/9799919799/functions/kill.html">kill</a> of the C library. */
    private static final class Library {
        private static final MethodHandle KILL = link();

        static boolean send(int signal, long pid) {
            try {
                return (int) KILL.invoke((int) pid, signal) == 0;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        private static MethodHandle link() {
            try {
                Class<?> linkerType = type("Linker");
                Class<?> layoutType = type("MemoryLayout");
                Class<?> descriptorType = type("FunctionDescriptor");
                Object number = type("ValueLayout").getField("JAVA_INT").get(null);
                Object arguments = Array.newInstance(layoutType, 2);
                Array.set(arguments, 0, number);
                Array.set(arguments, 1, number);
                Object descriptor = descriptorType
                        .getMethod("of", layoutType, arguments.getClass())
                        .invoke(null, number, arguments);
                Object options = Array.newInstance(type("Linker$Option"), 0);
                Object linker = linkerType.getMethod("nativeLinker").invoke(null);
                Object library = linkerType.getMethod("defaultLookup").invoke(linker);
                Object address = ((Optional<?>) type("SymbolLookup")
                                .getMethod("find", String.class)
                                .invoke(library, "kill"))
                        .orElseThrow();
                return (MethodHandle) linkerType
                        .getMethod("downcallHandle", type("MemorySegment"), descriptorType, options.getClass())
                        .invoke(linker, address, descriptor, options);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static Class<?> type(String name) throws ClassNotFoundException {
            return Class.forName(FOREIGN + name);
        }
    }
}
