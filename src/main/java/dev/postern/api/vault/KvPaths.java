package dev.postern.api.vault;

import dev.postern.access.Fault;
import dev.postern.access.Inquiry;
import dev.postern.api.vault.Mounts.Mount;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.PercentEncoding;
import dev.postern.secret.SecretName;
import dev.postern.secret.SecretRef;
import dev.postern.secret.Version;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Paths of secrets below a mount. */
final class KvPaths {
    private static final Pattern VERSION = Pattern.compile("version=(-?[0-9]{1,9})");

    private KvPaths() {}

    /** @param query may name the version */
    static Inquiry read(Mount mount, String path, @Nullable String query) {
        SecretRef asked = null;
        try {
            asked = new SecretRef(mount.backend(), new SecretName(decode(path)), null, null);
            return Inquiry.read(asked.with(null, version(query)), false, null);
        } catch (InvalidReferenceException e) {
            Inquiry named = asked == null ? Inquiry.authenticate() : Inquiry.read(asked, false, null);
            return named.invalid(Fault.of(e));
        }
    }

    static Inquiry describe(Mount mount, String path) {
        Inquiry read = read(mount, path, null);
        return read.fault() == null ? Inquiry.describe(read.asked().get(0)) : read;
    }

    /** @throws InvalidReferenceException if the path could be another spelling of something */
    static String decode(String path) {
        if (path.contains("%2F") || path.contains("%2f")) {
            throw new InvalidReferenceException("the name has an encoded slash");
        }
        return PercentEncoding.decode(path);
    }

    /** A positive number; 0 and negative numbers stand for the current version. */
    private static @Nullable Version version(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return null;
        }
        Matcher version = VERSION.matcher(query);
        if (!version.matches()) {
            throw new InvalidReferenceException("the query may only have version, which must be a number");
        }
        int number = Integer.parseInt(version.group(1));
        return number > 0 ? new Version(Integer.toString(number)) : null;
    }
}
