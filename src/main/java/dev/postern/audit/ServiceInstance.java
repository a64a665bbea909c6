package dev.postern.audit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The process that writes the lines, and where it runs. Names are those of the Elastic Common Schema, and of <a
 * href="https://opentelemetry.io/docs/specs/semconv/resource/service/">OpenTelemetry</a> for the instance.
 *
 * @param fields the fields that every line has, in their order
 */
public record ServiceInstance(Map<String, String> fields) {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** A process without a place, for tests. */
    static final ServiceInstance NOWHERE = new ServiceInstance(Map.of());

    /** This process, with an ID of its own. */
    public static ServiceInstance of(AuditConfig config, String version) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(
                "host.name", config.hostName().filter(ServiceInstance::isName).orElseGet(ServiceInstance::hostName));
        fields.put("service.name", "postern");
        fields.put("service.version", version);
        fields.put("service.instance.id", UUID.randomUUID().toString());
        put(fields, "orchestrator.namespace", config.podNamespace());
        put(fields, "kubernetes.pod.name", config.podName());
        put(fields, "kubernetes.pod.uid", config.podUid());
        return new ServiceInstance(fields);
    }

    private static void put(Map<String, String> fields, String name, Optional<String> value) {
        value.filter(ServiceInstance::isName).ifPresent(known -> fields.put(name, known));
    }

    /** Not the {@code any} that may stand for the UID of a pod. */
    private static boolean isName(String value) {
        return !value.isBlank() && !value.equals("any");
    }

    /** Asks the kernel, because the JDK would ask a name server for the machine's own address. */
    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return resolved();
        }
    }

    private static String resolved() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
