package dev.postern.secret;

/**
 * What a short name is put into to make the complete one, such as {@code ml-workflow/{environment}/{name}}.
 *
 * <p>The short name fills the place of {@code {name}} and no more, so that a workload cannot spell a name outside it.
 */
public final class NameTemplate {
    private static final String NAME = "{name}";

    private final String before;
    private final String after;

    /**
     * @param template the text, in which {@code {name}} stands exactly once and {@code {environment}} any number of
     *     times
     * @param environment what stands for {@code {environment}}
     * @throws InvalidReferenceException if the template has no or several {@code {name}}, an unknown placeholder, or
     *     makes names that are not canonical
     */
    public NameTemplate(String template, String environment) {
        String filled = template.replace("{environment}", environment);
        int at = filled.indexOf(NAME);
        if (at < 0 || filled.indexOf(NAME, at + 1) >= 0) {
            throw new InvalidReferenceException("the template must have {name} in it exactly once");
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
