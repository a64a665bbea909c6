package dev.postern.api.media;

import dev.postern.access.Fault;
import dev.postern.access.FaultCode;
import dev.postern.access.FaultException;
import dev.postern.secret.Property;
import dev.postern.secret.SecretRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Writes secrets as lines that set variables. A value that the reader would not get back unchanged is refused. */
public enum EnvLines {
    /**
     * Lines of an env file. Readers differ on backslashes, dollar signs, carriage returns and quotes. Only lines that
     * <a href="https://github.com/theskumar/python-dotenv">python-dotenv</a> and a POSIX shell read alike are written.
     */
    DOTENV {
        @Override
        public String quote(String value) {
            boolean literal = value.indexOf('\'') < 0 && !value.contains("\\\\");
            boolean expanded = literal ? value.contains("${") : value.indexOf('$') >= 0 || value.indexOf('`') >= 0;
            if (expanded || value.endsWith("\\") || value.indexOf('\r') >= 0) {
                throw unfit("use text/x-shellscript or application/json");
            }
            return literal
                    ? "'" + value + "'"
                    : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }

        @Override
        String line(String variable, String quoted) {
            return variable + '=' + quoted + '\n';
        }
    },

    /**
     * {@code export} lines for a POSIX shell. Within <a
     * href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02">single quotes</a>, all
     * other characters are literal.
     */
    SHELL {
        @Override
        public String quote(String value) {
            return "'" + value.replace("'", "'\\''") + "'";
        }

        @Override
        String line(String variable, String quoted) {
            return "export " + variable + '=' + quoted + '\n';
        }
    },

    /**
     * Lines for {@code docker run --env-file}, where quotes are part of the value (<a
     * href="https://docs.docker.com/reference/cli/docker/container/run/#env">docker run</a>).
     */
    DOCKER {
        /** Docker reads lines with a buffer of 64 KiB. */
        private static final int MAX_LINE_BYTES = 65_535;

        @Override
        public String quote(String value) {
            if (value.indexOf('\n') >= 0 || value.endsWith("\r")) {
                throw unfit("use text/x-shellscript or application/json");
            }
            return value;
        }

        @Override
        String line(String variable, String quoted) {
            String line = variable + '=' + quoted + '\n';
            if (line.getBytes(StandardCharsets.UTF_8).length > MAX_LINE_BYTES) {
                throw unfit("use text/x-shellscript or application/json");
            }
            return line;
        }
    };

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * The value as it stands in a line.
     *
     * @throws FaultException if the format cannot represent it
     */
    public abstract String quote(String value);

    abstract String line(String variable, String quoted);

    /**
     * The name of the variable for a secret: the last part of its property, if any, otherwise the last segment of its
     * name. No character is replaced.
     *
     * @throws FaultException if the result is not a valid variable name
     */
    public static String variable(SecretRef asked) {
        Property property = asked.property();
        List<String> path = property == null ? List.of(asked.name().value().split("/", -1)) : property.path();
        String variable = path.get(path.size() - 1);
        if (!VARIABLE.matcher(variable).matches()) {
            throw new FaultException(Fault.of(
                            FaultCode.INVALID_REQUEST,
                            "The property, or else the last segment of the name, is not a valid variable name:"
                                    + " give the secret an alias.")
                    .because("no-variable"));
        }
        return variable;
    }

    /**
     * The line that sets {@code variable}.
     *
     * @param value UTF-8
     * @throws FaultException if the format cannot represent the value
     */
    public String line(String variable, byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            throw unfit("use application/json");
        }
        return line(variable, quote(text));
    }

    /** @param instead what the caller can do instead */
    public static FaultException unfit(String instead) {
        return new FaultException(
                Fault.of(FaultCode.NOT_ACCEPTABLE, "A value does not fit this format: " + instead + ".")
                        .because("unfit-value"));
    }
}
