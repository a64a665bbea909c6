package dev.postern.files;

/** How secrets are written. */
public enum Format {
    /** The bytes of one secret. */
    RAW,
    /** Lines that python-dotenv and shells read alike. */
    DOTENV,
    /** {@code export} lines for a POSIX shell. */
    SHELL,
    /** Lines for {@code docker run --env-file}. */
    DOCKER,
    /** One JSON object of strings. */
    JSON,
    /** One YAML mapping of strings. */
    YAML,
    /** Java properties, in ASCII. */
    PROPERTIES,
    /** A text of the user's with the secrets in it. */
    TEMPLATE,
    /** A directory with a file for each secret, as Kubernetes mounts them. */
    DIRECTORY
}
