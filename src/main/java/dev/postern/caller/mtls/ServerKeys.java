package dev.postern.caller.mtls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each handshake the key pair of the time it began. The handshake asks for the key and for the certificate
 * separately, by an alias. Each alias stands for one key pair, so that a change in between does not mix two.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    private final Supplier<Credentials> current;
    private Credentials newest;
    private Credentials before;
    private int number;

    ServerKeys(Supplier<Credentials> current) {
        this.current = current;
        this.newest = current.get();
        this.before = newest;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Credentials now = current.get();
        return now.key().getAlgorithm().equals(keyType) ? alias(now) : null;
    }

    private synchronized String alias(Credentials now) {
        if (now != newest) {
            before = newest;
            newest = now;
            number++;
        }
        return Integer.toString(number);
    }

    private synchronized @Nullable Credentials of(String alias) {
        if (alias.equals(Integer.toString(number))) {
            return newest;
        }
        return alias.equals(Integer.toString(number - 1)) ? before : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credentials found = of(alias);
        return found == null ? null : found.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credentials found = of(alias);
        return found == null ? null : found.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
