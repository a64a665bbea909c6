package dev.postern.backend.gcp;

import dev.postern.backend.SecretNotFoundException;
import dev.postern.secret.SecretName;
import dev.postern.secret.Version;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a secret, as its <a
 * href="https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets">resource name</a> gives it.
 *
 * @param parent {@code projects/P} or {@code projects/P/locations/L}
 * @param location the location, or null for a global secret
 * @param id the secret's ID in its project and location
 */
record GcpSecret(String parent, @Nullable String location, String id) {
    static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9.:-]{0,62}");
    static final Pattern LOCATION = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private static final Pattern NAME = Pattern.compile("(?:projects/(?<project>" + PROJECT
            + ")/(?:locations/(?<location>" + LOCATION + ")/)?secrets/)?(?<id>[A-Za-z0-9_-]{1,255})");
    /** A number, {@code latest} or an alias. */
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}|[A-Za-z][A-Za-z0-9_-]{0,62}");

    private static final Pattern ANSWERED =
            Pattern.compile(".*/secrets/(?<id>[^/]+)/versions/(?<version>[1-9][0-9]{0,17})");

    /**
     * @param project the project of a short name
     * @param location the location of a short name, or null if it is global
     * @throws SecretNotFoundException if no secret can have that name
     */
    static GcpSecret of(SecretName name, String project, @Nullable String location) {
        Matcher parts = NAME.matcher(name.value());
        if (!parts.matches()) {
            throw new SecretNotFoundException("not a valid name in Secret Manager");
        }
        boolean full = parts.group("project") != null;
        String where = full ? parts.group("location") : location;
        String parent = "projects/" + (full ? parts.group("project") : project);
        return new GcpSecret(where == null ? parent : parent + "/locations/" + where, where, parts.group("id"));
    }

    /**
     * The resource name of a version.
     *
     * @param version a number or an alias, or null for the latest
     * @throws SecretNotFoundException if no version can have that name
     */
    String version(@Nullable Version version) {
        String name = version == null ? "latest" : version.value();
        if (!VERSION.matcher(name).matches()) {
            throw new SecretNotFoundException("not a valid version in Secret Manager");
        }
        return parent + "/secrets/" + id + "/versions/" + name;
    }

    /** The version number in the resource name of a response, or null if it names another secret. */
    @Nullable
    Version answered(String name) {
        Matcher parts = ANSWERED.matcher(name);
        return parts.matches() && parts.group("id").equals(id) ? new Version(parts.group("version")) : null;
    }
}
