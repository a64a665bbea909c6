// SPDX-License-Identifier: Apache-2.0
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads secrets from Postern. Copy this file into your project, and give it a package. It needs Java 17 and no library.
 *
 * <p>Any thread may use it. A name is a reference as in Postern's settings:
 * {@code [backend:]name[#property][@version]}. Interrupting a thread ends its read or watch. {@code java.net.http} has
 * no Unix sockets.
 */
public final class Postern {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int WAIT = 60; // seconds, the longest that Postern allows
    private static final long LONGEST_PAUSE = 30_000; // milliseconds

    /** {@code stale} is null after a bulk read, which does not say. {@code version} is null if the manager has none. */
    public record Secret(String name, byte[] value, String version, Instant fetchedAt, Boolean stale) {
        public String text() {
            return new String(value, UTF_8);
        }

        @Override
        public String toString() {
            return "Secret[name=" + name + ", version=" + version + ", fetchedAt=" + fetchedAt + "]";
        }
    }

    /**
     * Why there is no secret: Postern's code, or {@code unreachable}, {@code no-token} or {@code invalid-answer} with
     * the status 0. After a bulk read, an exception for each name that failed is suppressed. No message contains a
     * value.
     */
    public static final class PosternException extends RuntimeException {
        public final String name;
        public final String code;
        public final int status;
        public final String detail;
        public final Duration retryAfter;

        private PosternException(String message, String name, String code, int status, Object detail, long retryAfter) {
            super(message);
            this.name = name;
            this.code = code;
            this.status = status;
            this.detail = String.valueOf(detail);
            this.retryAfter = Duration.ofSeconds(retryAfter);
        }

        private static PosternException local(String name, String code, Object detail) {
            return new PosternException(name + ": 0 " + code + ": " + detail, name, code, 0, detail, 0);
        }

        private static PosternException of(String name, Map<String, Object> problem, long retryAfter) {
            int status = Integer.parseInt((String) problem.get("status"));
            String code = problem.get("code").toString();
            Object detail = problem.get("detail");
            String message =
                    name + ": " + status + " " + code + ": " + detail + " (request " + problem.get("requestId") + ")";
            return new PosternException(message, name, code, status, detail, retryAfter);
        }

        private static PosternException joined(List<PosternException> errors) {
            PosternException worst = Collections.max(errors, Comparator.comparing(error -> error.status));
            String names = errors.stream().map(error -> error.name).collect(Collectors.joining(", "));
            String message = errors.stream().map(Throwable::getMessage).collect(Collectors.joining("\n"));
            PosternException joined = new PosternException(message, names, worst.code, worst.status, worst.detail, 0);
            errors.forEach(joined::addSuppressed);
            return joined;
        }

        public boolean temporary() {
            return status == 0 || status == 429 || status >= 500;
        }
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final String url;
    private final Path tokenFile;

    /** A client for {@code SECRETS_URL}, which is {@code http://host:port}, and {@code SECRETS_TOKEN_FILE}. */
    public Postern() {
        this(System.getenv().getOrDefault("SECRETS_URL", "http://127.0.0.1:7740"), tokenFile());
    }

    /** The token file is read for each request, so the token may be rotated. */
    public Postern(String url, Path tokenFile) {
        this.url = url;
        this.tokenFile = tokenFile;
    }

    private static Path tokenFile() {
        Path ofPod = Path.of("/var/run/secrets/postern/token");
        Path ofUser = Path.of(System.getProperty("user.home"), ".postern", "token");
        String named = System.getenv("SECRETS_TOKEN_FILE");
        return named != null ? Path.of(named) : Files.exists(ofPod) ? ofPod : ofUser;
    }

    public Secret get(String name) throws InterruptedException {
        return secret(name, send(name, path(name, ""), ""));
    }

    /** Reads up to 100 secrets in one request: all of them, or none and an exception. */
    public Map<String, Secret> getAll(List<String> names) throws InterruptedException {
        String query = names.stream().map(name -> "name=" + encode(name)).collect(Collectors.joining("&"));
        Map<String, Object> answer =
                send(String.join(", ", names), "/secrets?" + query, "").json();
        List<PosternException> errors = new ArrayList<>();
        object(answer.get("errors"))
                .forEach((name, problem) -> errors.add(PosternException.of(name, object(problem), 0)));
        if (!errors.isEmpty()) {
            throw PosternException.joined(errors);
        }
        Map<String, Secret> secrets = new LinkedHashMap<>();
        object(answer.get("secrets"))
                .forEach((name, secret) -> secrets.put(name, secret(name, new Answer(object(secret), null))));
        return secrets;
    }

    /**
     * Passes on the current value of a secret, and then each new one, until the thread is interrupted. The first read
     * fails like {@link #get}. Later, an outage or a rotated token only delays the next value. What waiting does not
     * cure is thrown: the secret is gone or denied.
     */
    public void watch(String name, Consumer<Secret> changed) throws InterruptedException {
        Answer answer = send(name, path(name, ""), "");
        String tag = answer.tag();
        Secret last = secret(name, answer);
        changed.accept(last);
        for (long pause = 1000; ; ) {
            try {
                answer = send(name, path(name, "wait=" + WAIT + "s"), tag);
            } catch (PosternException error) {
                if (!error.temporary() && error.status != 401) {
                    throw error;
                }
                Thread.sleep(Math.max(
                        error.retryAfter.toMillis(), ThreadLocalRandom.current().nextLong(pause / 2, pause)));
                pause = Math.min(2 * pause, LONGEST_PAUSE);
                continue;
            }
            pause = 1000;
            if (answer.json() != null) {
                tag = answer.tag();
                Secret secret = secret(name, answer);
                // The tags of a restarted Postern are new, even if the value is not.
                if (!Arrays.equals(secret.value(), last.value())) {
                    last = secret;
                    changed.accept(secret);
                }
            }
        }
    }

    /** The JSON is null if the value still has the tag. */
    private record Answer(Map<String, Object> json, HttpHeaders headers) {
        String tag() {
            return headers.firstValue("ETag").orElse("");
        }
    }

    /** With a tag, it waits for another value. */
    private Answer send(String name, String path, String tag) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(tag.isEmpty() ? TIMEOUT : TIMEOUT.plusSeconds(WAIT))
                .header("Accept", "application/json");
        try {
            request.header(
                    "Authorization", "Bearer " + Files.readString(tokenFile).strip());
        } catch (IOException error) {
            throw PosternException.local(name, "no-token", error);
        }
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() == 304) {
                return new Answer(null, response.headers());
            }
            Map<String, Object> json = object(new Json(response.body()).value());
            if (response.statusCode() != 200) {
                throw PosternException.of(
                        name,
                        json,
                        response.headers().firstValueAsLong("Retry-After").orElse(0));
            }
            if (!json.containsKey("value") && !json.containsKey("secrets")) {
                throw new IllegalArgumentException();
            }
            return new Answer(json, response.headers());
        } catch (IOException error) {
            throw PosternException.local(
                    name, "unreachable", url + ": " + error.getClass().getSimpleName());
        } catch (ClassCastException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NullPointerException error) {
            throw PosternException.local(name, "invalid-answer", url + " is not Postern");
        }
    }

    private static Secret secret(String name, Answer answer) {
        Map<String, Object> json = answer.json();
        String value = (String) json.get("value");
        return new Secret(
                name,
                "base64".equals(json.get("encoding")) ? Base64.getDecoder().decode(value) : value.getBytes(UTF_8),
                (String) json.get("version"),
                Instant.parse((String) json.get("fetchedAt")),
                answer.headers() == null
                        ? null
                        : answer.headers().firstValue("Cache-Status").orElse("").contains("detail=stale"));
    }

    @SuppressWarnings("unchecked") // Json makes no others.
    private static Map<String, Object> object(Object json) {
        return (Map<String, Object>) json;
    }

    private static String path(String name, String wait) {
        String[] rest = name.split("@", 2);
        String[] path = rest[0].split("#", 2);
        String property = path.length < 2 ? "" : "&property=" + encode(path[1]).replace("%25", "%");
        String version = rest.length < 2 ? "" : "&version=" + encode(rest[1]).replace("%25", "%");
        // What is percent-encoded stays.
        String encoded = encode(path[0]).replace("%2F", "/").replace("%3A", ":").replace("%25", "%");
        return "/secrets/" + encoded + "?" + (wait + property + version).replaceFirst("^&", "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Objects, strings, and words: numbers stay text. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Object value() {
            char first = next();
            if (first == '"') {
                return string();
            }
            if (first == '{') {
                Map<String, Object> object = new LinkedHashMap<>();
                for (char c = next(); c != '}'; c = next()) {
                    if (c != ',') {
                        String key = string();
                        next();
                        object.put(key, value());
                    }
                }
                return object;
            }
            int start = at - 1;
            while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
                at++;
            }
            String word = text.substring(start, at);
            return word.equals("null") ? null : word;
        }

        private char next() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.charAt(at++);
        }

        private String string() {
            StringBuilder string = new StringBuilder();
            for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
                if (c == '\\') {
                    c = text.charAt(at++);
                    switch (c) {
                        case 'b' -> c = '\b';
                        case 'f' -> c = '\f';
                        case 'n' -> c = '\n';
                        case 'r' -> c = '\r';
                        case 't' -> c = '\t';
                        case 'u' -> c = (char) Integer.parseInt(text.substring(at, at += 4), 16);
                        default -> {}
                    }
                }
                string.append(c);
            }
            return string.toString();
        }
    }
}
