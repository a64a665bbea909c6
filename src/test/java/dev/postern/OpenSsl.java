package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Certificates that OpenSSL makes in a directory: {@code name.crt} and {@code name.key}. */
record OpenSsl(Path home) {
    void authority(String name) throws Exception {
        run("ecparam -name prime256v1 -genkey -noout -out " + name + ".key");
        run("req -x509 -key " + name + ".key -out " + name + ".crt -days 2 -subj /CN=" + name
                + " -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign");
    }

    void certificate(String name, String authority, String... extensions) throws Exception {
        run("ecparam -name prime256v1 -genkey -out " + name + ".key");
        run("req -new -key " + name + ".key -out " + name + ".csr -subj /CN=" + name);
        Files.writeString(
                home.resolve("extensions"),
                "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n"
                        + String.join("\n", extensions) + "\n");
        run("x509 -req -in " + name + ".csr -CA " + authority + ".crt -CAkey " + authority
                + ".key -CAcreateserial -days 1 -extfile extensions -out " + name + ".crt");
    }

    /** Returns what it prints. */
    String run(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    static boolean isThere(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
