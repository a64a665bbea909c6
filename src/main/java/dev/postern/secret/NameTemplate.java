package dev.postern.secret;

/**
 * Completes a short name, such as with {@code ml-workflow/{environment}/{name}}.
 *
 * <p>A short name only fills the place of {@code {name}}, so that a workload cannot name anything outside the template.
 */
public final class NameTemplate {
    private static final String NAME = "{name}";

    private final String before;
    private final String after;

    /**
     * @param template the text, with {@code {name}} exactly once and {@code {environment}} any number of times
     * @param environment the value of {@code {environment}}
     * @throws InvalidReferenceException if {@code {name}} does not occur exactly once, there is an unknown placeholder,
     *     or the names would not be canonical
     */
    public NameTemplate(String template, String environment) {
        String filled = template.replace("{environment}", environment);
        int at = filled.indexOf(NAME);
        if (at < 0 || filled.indexOf(NAME, at + 1) >= 0) {
            throw new InvalidReferenceException("the template must contain {name} exactly once");
        }
        before = filled.substring(0, at);
        after = filled.substring(at + NAME.length());
        if ((before + after).matches(".*[{}].*")) {
            throw new InvalidReferenceException("the template has a placeholder other than {name} and {environment}");
        }
        apply(new SecretName("name"));
    }

    /** @throws InvalidReferenceException if the complete name is too long */
    public SecretName apply(SecretName name) {
        return before.isEmpty() && after.isEmpty() ? name : new SecretName(before + name + after);
    }
}
