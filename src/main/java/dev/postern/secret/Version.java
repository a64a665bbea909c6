package dev.postern.secret;

/**
 * A version of a secret in the terms of its backend: an ID, a number or a stage.
 *
 * @param value 1 to {@value #MAX_LENGTH} of {@code A-Z a-z 0-9 . _ : / + = @ -}
 */
public record Version(String value) {
    public static final int MAX_LENGTH = 256;

    /** @throws InvalidReferenceException if the text is not a version */
    public Version {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new InvalidReferenceException("the version is empty or longer than " + MAX_LENGTH + " characters");
        }
        if (!value.chars().allMatch(Version::isAllowed)) {
            throw new InvalidReferenceException("the version has a character that no backend allows");
        }
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._:/+=@-".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return value;
    }
}
