package dev.rollcall.sources.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.Fetch;
import dev.rollcall.views.ViewsHarness;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of the public test suite of HTTP caches; the file tells how to read them. */
@TestInstance(Lifecycle.PER_CLASS)
class CacheCasesTest {
  private static final String FILE = "/cache-cases.txt";
  private static final Pattern SECONDS = Pattern.compile("\\{(-?\\d+)\\}");
  private static final Pattern STEP =
      Pattern.compile("(?:\\[other\\] |& )?(?:\\((?<headers>[^)]*)\\) )?(?<answer>.*)");

  /**
   * A case that applies.
   *
   * @param steps what is asked and answered, in turn
   */
  record Case(String id, String kind, String source, String outcome, List<String> steps) {
    @Override
    public String toString() {
      return id + " → " + outcome;
    }
  }

  private final ScriptedOrigin origin = new ScriptedOrigin();
  private final ViewsHarness harness = harness();
  private long lastUser;

  private ViewsHarness harness() {
    String http = "=" + origin.url("/{id}");
    return new ViewsHarness(
        "sources.a.http" + http,
        "sources.a.cache=http",
        "sources.a.breaker.failures=0",
        "sources.f.http" + http,
        "sources.f.cache=http",
        "sources.f.forward=foo,bar,baz,other,accept-language,pragma",
        "sources.c.http" + http,
        "sources.c.cache=http",
        "sources.c.headers.Authorization=Bearer ours",
        "sources.p.http" + http,
        "sources.p.cache=http",
        "sources.p.method=post",
        "sources.p.body={\"id\":\"{id}\"}",
        "sources.p.safe=true",
        "sources.s.http" + http,
        "sources.s.cache=http",
        "sources.s.breaker.failures=0",
        "sources.s.staleIfError=1h",
        "sources.s.staleWhileRevalidate=1h",
        "views.v.sources=a,f,c,p,s");
  }

  @AfterAll
  void close() {
    harness.close();
    origin.close();
  }

  private static List<String[]> rows() {
    try (InputStream file = CacheCasesTest.class.getResourceAsStream(FILE)) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> line.split(" \\| "))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static List<Case> cases() {
    return rows().stream()
        .filter(row -> !row[2].equals("-"))
        .map(row -> new Case(row[0], row[1], row[2], row[3], List.of(row[4].split(" // "))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAsTheTableSays(Case each) {
    long user = ++lastUser;
    String path = "/" + user;
    origin.script(path, answers(each, origin.url(path)));
    Fetch.Outcome last = null;
    String lastPath = path;
    for (String step : each.steps()) {
      if (!step.startsWith("& ")) {
        long asked = step.startsWith("[other]") ? ++lastUser : user;
        lastPath = "/" + asked;
        last =
            ViewsHarness.await(CachedSources.begin(harness, each.source(), asked, headers(step)));
      }
    }
    assertThat(outcome(Objects.requireNonNull(last), lastPath)).isEqualTo(each.outcome());
  }

  private String outcome(Fetch.Outcome last, String path) {
    if (last.stale()) {
      return "stale";
    }
    if (last.attempts() == 0 && last.reply().status().isAnswer()) {
      return "cached";
    }
    CacheUse use = last.use();
    if (use == null) {
      return last.reply().status().isAnswer() ? "without memory" : "failed";
    }
    boolean byTag = origin.lastHeader(path, "if-none-match") != null;
    boolean byDate = origin.lastHeader(path, "if-modified-since") != null;
    if (use.status() == 304) {
      return byTag ? "etag" : byDate ? "modified" : "confirmed without a question";
    }
    if (byTag || byDate) {
      return "asked on a condition";
    }
    return use.kind() == CacheUse.Kind.STALE && origin.asked(path) == 3 ? "replaced" : "asked";
  }

  private static Map<String, String> headers(String step) {
    var matcher = STEP.matcher(step);
    Map<String, String> headers = new HashMap<>();
    if (matcher.matches() && matcher.group("headers") != null) {
      for (String header : matcher.group("headers").split(", ", -1)) {
        int equals = header.indexOf('=');
        if (equals > 0) {
          headers.put(header.substring(0, equals), header.substring(equals + 1).replace('/', ','));
        }
      }
    }
    return headers;
  }

  private static String[] answers(Case each, String url) {
    return each.steps().stream()
        .map(
            step -> {
              var matcher = STEP.matcher(step);
              String answer = matcher.matches() ? matcher.group("answer") : step;
              String dated = SECONDS.matcher(answer).replaceAll(CacheCasesTest::date);
              return dated
                  .replace("{url}", url)
                  .replaceFirst("^(\\+\\d+) ", "$1\n")
                  .replace(" ; ", "\n");
            })
        .toArray(String[]::new);
  }

  private static String date(MatchResult seconds) {
    return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
        .withZone(ZoneOffset.UTC)
        .format(Instant.now().plusSeconds(Long.parseLong(seconds.group(1))));
  }

  /** Where HTTP leaves no choice, no table of ours can say otherwise. */
  @Test
  void theFileHasAllCasesOnceAndAReasonForEachThatDoesNotApply() {
    Set<String> seen = new HashSet<>();
    for (String[] row : rows()) {
      assertThat(seen.add(row[0])).as(row[0]).isTrue();
      assertThat(row[1]).isIn("required", "optimal", "check");
      assertThat(row).as(row[0]).hasSize(row[2].equals("-") ? 4 : 5);
    }
    assertThat(seen).hasSize(370);
  }
}
