import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Answers questions about clients/java/Postern.java: a line of JSON for each line. */
class Ask {
    private static final Postern CLIENT = new Postern();
    private static final List<String> SEEN = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] arguments) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread watch = new Thread(() -> {
            try {
                CLIENT.watch(arguments[0], secret -> SEEN.add(secret.text()));
            } catch (InterruptedException interrupted) {
                SEEN.add("cancelled");
            } catch (Postern.PosternException error) {
                SEEN.add(error.code);
            }
            ended.countDown();
        });
        watch.setDaemon(true);
        watch.start();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("cancel")) {
                watch.interrupt();
                boolean soon = ended.await(2, TimeUnit.SECONDS);
                out.println(json(List.of(SEEN.get(SEEN.size() - 1), soon)));
                continue;
            }
            try {
                out.println(json(answer(words[0], Arrays.asList(words).subList(1, words.length))));
            } catch (Postern.PosternException error) {
                out.println(json(described(error)));
            }
        }
    }

    private static Object answer(String question, List<String> names) throws InterruptedException {
        if (question.equals("seen")) {
            return SEEN;
        }
        if (question.equals("all")) {
            Map<String, Object> values = new LinkedHashMap<>();
            CLIENT.getAll(names).forEach((name, secret) -> values.put(name, secret.text()));
            return values;
        }
        Postern.Secret secret = CLIENT.get(names.get(0));
        return Arrays.asList(
                question.equals("bytes") ? Base64.getEncoder().encodeToString(secret.value()) : secret.text(),
                secret.stale(),
                secret.version(),
                secret.fetchedAt().isAfter(Instant.now().minusSeconds(60)),
                secret.toString().contains("canary"));
    }

    private static Map<String, Object> described(Postern.PosternException error) {
        List<String> names = new ArrayList<>();
        for (Throwable each : error.getSuppressed()) {
            names.add(((Postern.PosternException) each).name + " " + ((Postern.PosternException) each).code);
        }
        if (names.isEmpty()) {
            names.add(error.name + " " + error.code);
        }
        Collections.sort(names);
        boolean waits = !error.retryAfter.isZero();
        return Map.of(
                "error", List.of(error.status, error.code, waits, error.temporary(), !error.detail.isEmpty()),
                "names", names,
                "message", error.getMessage());
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Ask::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof String text) {
            return '"'
                    + text.replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n")
                            .replace("\t", "\\t")
                    + '"';
        }
        return String.valueOf(value);
    }
}
