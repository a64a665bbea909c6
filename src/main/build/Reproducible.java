import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Makes the classes that Quarkus generates the same whenever their sources are. It leaves to threads and to identity
 * hash codes what nothing depends on:
 *
 * <ul>
 *   <li>the numbers of the values that recorders pass to one another, {@code proxykey12}, and
 *   <li>the order in which {@code SharedConfig} makes the groups of settings, hence the numbers of its fields.
 * </ul>
 *
 * <p>It stops the build where what it finds does not look as it knows it: another version of Quarkus may have no need
 * of it, or need another one. Later versions count by recorder and sort: <a
 * href="https://github.com/quarkusio/quarkus/pull/53025">quarkus#53025</a>.
 */
final class Reproducible {
    private static final String RECORDED = "io/quarkus/runner/recorded/";
    private static final String GENERATED = "io/quarkus/runtime/generated/";
    private static final String SHARED = GENERATED + "SharedConfig";
    private static final List<String> CUSTOMIZERS =
            List.of(GENERATED + "StaticInitConfigCustomizer", GENERATED + "RunTimeConfigCustomizer");
    private static final String GROUP = "configClass$";
    private static final Pattern KEY = Pattern.compile("proxykey[0-9]+");

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Path changed = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
            Map<String, byte[]> files = new TreeMap<>();
            for (ZipEntry entry : in.stream().toArray(ZipEntry[]::new)) {
                files.put(entry.getName(), in.getInputStream(entry).readAllBytes());
            }
            number(files);
            sort(files);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                // Its own time, in whatever zone this runs.
                Instant time = in.getEntry(file.getKey()).getLastModifiedTime().toInstant();
                entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
                out.putNextEntry(entry);
                out.write(file.getValue());
            }
        }
        Files.move(changed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Numbers values as they appear, class by class. */
    private static void number(Map<String, byte[]> files) {
        Map<Object, String> keys = new HashMap<>();
        for (String file : files.keySet()) {
            if (file.startsWith(RECORDED) && file.endsWith(".class")) {
                change(
                        files,
                        file,
                        type -> type.methods.forEach(method -> method.instructions.forEach(instruction -> {
                            if (instruction instanceof LdcInsnNode constant
                                    && KEY.matcher(constant.cst.toString()).matches()) {
                                constant.cst = keys.computeIfAbsent(constant.cst, key -> "proxykey" + keys.size());
                            }
                        })));
            }
        }
        require(!keys.isEmpty(), "no recorded value has a number");
    }

    /**
     * Sorts the groups of settings by name. The order in which they are added to a configuration is that of the fields.
     */
    private static void sort(Map<String, byte[]> files) {
        requireNoOtherUse(files);
        Map<String, String> fields = new HashMap<>();
        change(files, SHARED + ".class", type -> {
            MethodNode initializer = method(type, "<clinit>");
            List<List<AbstractInsnNode>> groups = groups(initializer.instructions);
            List<List<AbstractInsnNode>> sorted = new ArrayList<>(groups);
            sorted.sort(Comparator.comparing(group -> constant(group.get(0)) + ' ' + constant(group.get(1))));
            require(!groups.isEmpty(), "SharedConfig makes no group");
            AbstractInsnNode before = groups.get(0).get(0).getPrevious();
            for (List<AbstractInsnNode> group : sorted) {
                fields.put(((FieldInsnNode) group.get(3)).name, GROUP + fields.size());
                for (AbstractInsnNode instruction : group) {
                    initializer.instructions.remove(instruction);
                    initializer.instructions.insert(before, instruction);
                    before = instruction;
                }
            }
            require(
                    fields.keySet().equals(declared(type)),
                    "SharedConfig does not make each of its groups once: " + fields.keySet());
            rename(initializer, fields);
        });
        for (String customizer : CUSTOMIZERS) {
            change(files, customizer + ".class", type -> {
                MethodNode method = method(type, "configBuilder");
                List<FieldInsnNode> added = added(method);
                rename(method, fields);
                List<String> names = added.stream().map(field -> field.name).toList();
                require(
                        names.isEmpty()
                                || names.size() == fields.size()
                                        && Set.copyOf(names).equals(fields.keySet()),
                        customizer + " adds some groups, but not each once: " + names);
                for (int i = 0; i < added.size(); i++) {
                    added.get(i).name = GROUP + i;
                }
            });
        }
    }

    /** A use that is not known would keep the old number of a group, and mean another one. */
    private static void requireNoOtherUse(Map<String, byte[]> files) {
        files.forEach((file, bytes) -> {
            if (file.endsWith(".class")) {
                ClassNode type = read(bytes);
                for (MethodNode method : type.methods) {
                    boolean known = type.name.equals(SHARED) && method.name.equals("<clinit>")
                            || CUSTOMIZERS.contains(type.name) && method.name.equals("configBuilder");
                    for (AbstractInsnNode instruction : method.instructions) {
                        require(
                                known || !isGroup(instruction),
                                type.name + '.' + method.name + " uses a group of SharedConfig");
                    }
                }
            }
        });
    }

    private static Set<String> declared(ClassNode type) {
        return type.fields.stream()
                .map(field -> field.name)
                .filter(name -> name.startsWith(GROUP))
                .collect(Collectors.toSet());
    }

    /** Where the groups are made: {@code configClass$0 = configClass(type, prefix); ensureLoaded(type); ...}. */
    private static List<List<AbstractInsnNode>> groups(InsnList code) {
        List<List<AbstractInsnNode>> groups = new ArrayList<>();
        for (AbstractInsnNode instruction : code) {
            if (calls(instruction, "configClass")) {
                List<AbstractInsnNode> group = new ArrayList<>();
                AbstractInsnNode next = instruction.getPrevious().getPrevious();
                do {
                    group.add(next);
                    next = next.getNext();
                } while (group.size() < 4
                        || next instanceof LdcInsnNode && calls(next.getNext(), "ensureLoaded")
                        || calls(next, "ensureLoaded"));
                groups.add(group);
            }
        }
        return groups;
    }

    /** The groups that {@code withMapping} is called with, which are all in the order of their numbers. */
    private static List<FieldInsnNode> added(MethodNode method) {
        List<FieldInsnNode> added = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            // The field, a variable for it, the builder, the variable, and the call.
            if (calls(instruction, "withMapping")) {
                added.add((FieldInsnNode)
                        instruction.getPrevious().getPrevious().getPrevious().getPrevious());
            }
        }
        return added;
    }

    private static void rename(MethodNode method, Map<String, String> fields) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (isGroup(instruction)) {
                FieldInsnNode field = (FieldInsnNode) instruction;
                field.name = fields.get(field.name);
            }
        }
    }

    private static boolean isGroup(AbstractInsnNode instruction) {
        return instruction instanceof FieldInsnNode field && field.owner.equals(SHARED) && field.name.startsWith(GROUP);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("Quarkus generated what Reproducible does not know: " + otherwise);
        }
    }

    private static boolean calls(AbstractInsnNode instruction, String name) {
        return instruction instanceof MethodInsnNode call && call.name.equals(name);
    }

    private static String constant(AbstractInsnNode instruction) {
        return (String) ((LdcInsnNode) instruction).cst;
    }

    private static MethodNode method(ClassNode type, String name) {
        return type.methods.stream()
                .filter(method -> method.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void change(Map<String, byte[]> files, String file, Consumer<ClassNode> change) {
        ClassNode type = read(files.get(file));
        change.accept(type);
        ClassWriter writer = new ClassWriter(0);
        type.accept(writer);
        files.put(file, writer.toByteArray());
    }

    private static ClassNode read(byte[] bytes) {
        ClassNode type = new ClassNode();
        new ClassReader(bytes).accept(type, 0);
        return type;
    }
}
