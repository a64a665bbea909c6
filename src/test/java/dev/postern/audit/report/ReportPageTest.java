package dev.postern.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code postern audit report --output html}. {@code bench/report.py} opens it in a browser. */
class ReportPageTest {
    private static final String HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;";
    private static final String ESCAPED =
            "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/<wbr>script&gt;&lt;img src=x onerror=alert(2)&gt;&amp;amp;";

    @TempDir
    Path directory;

    private RecordFile record;

    @BeforeEach
    void write() {
        record = new RecordFile(directory.resolve("a<b>.jsonl"));
        record.read("2026-11-01T10:00:00Z", "cn:a", "A", "postern.version", "1")
                .denial("2026-11-01T10:01:00Z", "cn:a", "B")
                .line("2026-11-01T10:02:00Z", "service-start", "success")
                .line(
                        "2026-11-01T10:02:00Z",
                        "secret-read",
                        "failure",
                        "event.reason",
                        "wrong-token",
                        "http.response.status_code",
                        401);
    }

    @Test
    void it_allows_itself_inline_style_and_nothing_else() throws IOException {
        String page = record.report("html");
        assertThat(page)
                .startsWith("<!doctype html>\n<html lang=\"en\">")
                .contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                        + " style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">")
                .endsWith("</html>\n");
        assertThat(all(page, "(?:src|href|action)=\"([^\"]*)\""))
                .isNotEmpty()
                .allMatch(target -> target.startsWith("#"));
        assertThat(page).doesNotContain("<script", "<link", "<img", "@import", "url(");
    }

    @Test
    void every_text_is_escaped() throws IOException {
        record.read("2026-11-01T11:00:00Z", HOSTILE, HOSTILE, "user.roles", HOSTILE, "postern.version", HOSTILE)
                .denial("2026-11-01T11:01:00Z", HOSTILE, HOSTILE)
                .line("2026-11-01T11:02:00Z", HOSTILE, HOSTILE, "event.reason", HOSTILE, HOSTILE, HOSTILE)
                .line(
                        "2026-11-01T11:03:00Z",
                        "secret-read",
                        "failure",
                        "event.reason",
                        HOSTILE,
                        "source.address",
                        HOSTILE,
                        "http.response.status_code",
                        401)
                .line(
                        "2026-11-01T11:04:00Z",
                        "secret-read",
                        "failure",
                        "event.reason",
                        "backend-" + HOSTILE,
                        "postern.backend",
                        HOSTILE,
                        "http.response.status_code",
                        503)
                .knowing(new Configured(
                        Set.of("never" + HOSTILE),
                        List.of(new Configured.Grant(HOSTILE, HOSTILE, "entry" + HOSTILE, secret -> false))));
        String page = record.report("html", "--caller", HOSTILE, "--secret", HOSTILE);
        assertThat(page).contains(ESCAPED, "never" + ESCAPED, "entry" + ESCAPED, "a&lt;b&gt;.jsonl");
        assertThat(page).doesNotContain("<script", "<img", "'>", "onerror=alert(2)>");
        assertThat(all(page, "<(/?[a-z0-9!]+)")).allMatch(TAGS::contains);
    }

    private static final Set<String> TAGS = Set.of(
            ("!doctype html /html head /head meta title /title style /style body /body header /header h1 /h1 h2 /h2 p"
                            + " /p strong /strong b /b i /i em /em dl /dl dt /dt dd /dd div /div nav /nav ul /ul li /li a"
                            + " /a main /main section /section details /details summary /summary table /table caption"
                            + " /caption thead /thead tbody /tbody tfoot /tfoot tr /tr th /th td /td span /span time"
                            + " /time code /code figure /figure figcaption /figcaption svg /svg desc /desc path rect g"
                            + " /g footer /footer wbr")
                    .split(" "));

    @Test
    void what_is_not_ascii_is_shown_as_its_escapes() throws IOException {
        record.read("2026-11-01T11:00:00Z", "cn:\u202eevil", "caf\u00e9");
        assertThat(record.report("html")).matches("[ -~\n]+").contains("\\u202eevil", "caf\\u00e9");
    }

    @Test
    void screen_readers_find_their_way() throws IOException {
        String page = record.report("html");
        assertThat(page).contains("<header>", "<main>", "<footer>", "<nav aria-label=\"Parts of this page\">");
        assertThat(all(page, "(<table)")).hasSameSizeAs(all(page, "(<caption)"));
        assertThat(all(page, "(<th\\b[^>]*>)")).isNotEmpty().allMatch(heading -> heading.contains(" scope=\""));
        assertThat(all(page, "<svg ([^>]*)>")).hasSize(2).allMatch(svg -> svg.contains("role=\"img\""));
        assertThat(all(page, "aria-labelledby=\"([^\"]*)\""))
                .isNotEmpty()
                .allSatisfy(ids -> assertThat(ids.split(" ")).allMatch(id -> page.contains("id=\"" + id + "\"")));
    }

    @Test
    void every_link_leads_to_a_part_of_the_page() throws IOException {
        String page = record.report("html");
        assertThat(all(page, "href=\"#([^\"]*)\"")).isNotEmpty().allMatch(id -> page.contains("id=\"" + id + "\""));
    }

    @Test
    void no_id_occurs_twice() throws IOException {
        assertThat(all(record.report("html"), " id=\"([^\"]*)\"")).doesNotHaveDuplicates();
    }

    @Test
    void the_verdict_comes_first() throws IOException {
        String page = record.report("html");
        assertThat(page)
                .contains("<p class=\"verdict intact\"><strong>The record is intact from 2026-11-01 10:00:00 to"
                        + " 2026-11-01 10:02:00.</strong>");
        assertThat(page.indexOf("class=\"verdict")).isLessThan(page.indexOf("<h2"));
    }

    @Test
    void a_record_that_ends_too_early_is_called_not_intact() throws IOException {
        assertThat(record.report("html", "--last", "5"))
                .contains(
                        "<p class=\"verdict broken\"><strong>The record is not intact.</strong> The chain ends at line"
                                + " 4, before 5. Its lines are from 2026-11-01 10:00:00 to 2026-11-01 10:02:00.</p>");
    }

    @Test
    void it_stays_small_whatever_is_in_the_record() throws IOException {
        for (int i = 0; i < 3000; i++) {
            record.read("2026-11-01T10:00:00Z", "cn:" + i % 50, "name-" + i + "-" + "x".repeat(400))
                    .denial("2026-11-01T10:00:00Z", "cn:" + i, "name-" + i);
        }
        String page = record.report("html");
        assertThat(page).contains("--output json</code> has them").hasSizeLessThan(1_000_000);
    }

    @Test
    void an_empty_record_has_a_page() throws IOException {
        RecordFile empty = new RecordFile(directory.resolve("empty"));
        assertThat(empty.report("html")).contains("There is no record.", "Nothing stands out.");
    }

    private static List<String> all(String page, String pattern) {
        return Pattern.compile(pattern)
                .matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
