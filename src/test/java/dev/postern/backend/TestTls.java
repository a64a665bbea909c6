package dev.postern.backend;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** Key stores for servers, made with the JDK's own tool. */
public final class TestTls {
    public static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";
    /** Making one takes the better part of a second. */
    private static byte[] shared;

    private TestTls() {}

    /**
     * A PKCS 12 store in {@code directory} with a key and a self-signed certificate for localhost and 127.0.0.1: the
     * same for all tests.
     */
    public static synchronized Path keyStore(Path directory) throws IOException, InterruptedException {
        Path store = directory.resolve("server.p12");
        if (shared == null) {
            shared = Files.readAllBytes(newKeyStore(directory));
            Files.delete(store);
        }
        return Files.write(store, shared);
    }

    /** A server of TLS, and of nothing else, with that key and certificate. */
    public static WireMockConfiguration server(Path keyStore) {
        return WireMockConfiguration.options()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(keyStore.toString())
                .keystoreType("PKCS12")
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD);
    }

    /** One whose key no other has. */
    public static Path newKeyStore(Path directory) throws IOException, InterruptedException {
        Path store = directory.resolve("server.p12");
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        tool,
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,dns:" + TestProxy.HOST + ",ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        return store;
    }

    /** The certificate in {@code store}, as PEM. */
    public static Path certificate(Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            String encoded = Base64.getMimeEncoder()
                    .encodeToString(keys.getCertificate(ALIAS).getEncoded());
            return Files.writeString(
                    store.resolveSibling("server.pem"),
                    "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
