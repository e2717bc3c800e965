package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rollcall.config.Settings;
import dev.rollcall.users.Awaiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the dashboard and the alert rules to what a process really measures. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTest {

  private static final Path DASHBOARD = Path.of("conf/grafana.json");
  private static final Path ALERTS = Path.of("conf/alerts.yaml");

  /** A sample of the text of Prometheus: its name, and its labels with what is around them. */
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_0-9]+)(?:\\{(.*)})? [^ ]+$");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~?|!~|!=)\"[^\"]*\"");
  private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");

  /** What Prometheus itself gives every sample. */
  private static final Set<String> OF_SCRAPE = Set.of("job", "instance");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Set<String>> labels = new HashMap<>();

  @TempDir private static Path folder;
  private Rollcall rollcall;

  @BeforeAll
  void measure() throws Exception {
    rollcall =
        Awaiting.await(
            Rollcall.start(
                Settings.of(
                    "http.port=0",
                    "management.port=0",
                    "store.path=" + folder.resolve("users.db"),
                    "tracing.endpoint=http://127.0.0.1:9",
                    "tracing.sample=0",
                    "sources.orders.http=http://127.0.0.1:9/{id}",
                    "views.profile.sources=orders")));
    String users = "http://127.0.0.1:" + rollcall.httpPort() + "/users";
    send(
        HttpRequest.newBuilder(URI.create(users))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"id\":1,\"name\":\"Ada\"}")));
    send(HttpRequest.newBuilder(URI.create(users + "/1")));
    send(HttpRequest.newBuilder(URI.create(users + "/1/views/profile")));
    System.gc(); // Pauses of the collector are measured from the first one on.
    Awaitility.await()
        .untilAsserted(() -> assertThat(scrape()).contains("jvm_gc_pause_seconds_sum"));
    SAMPLE
        .matcher(scrape())
        .results()
        .forEach(
            sample ->
                labels
                    .computeIfAbsent(sample.group(1), name -> new HashSet<>())
                    .addAll(names(sample.group(2) == null ? "" : sample.group(2))));
  }

  @AfterAll
  void stop() {
    Awaiting.await(rollcall.close());
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private String scrape() throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + rollcall.managementPort() + "/metrics")));
  }

  private static List<String> names(String matchers) {
    return LABEL.matcher(matchers).results().map(label -> label.group(1)).toList();
  }

  static List<String> expressions() throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels")) {
      panel.path("targets").forEach(target -> found.add(target.get("expr").textValue()));
    }
    JsonNode groups = new YAMLMapper().readTree(ALERTS.toFile()).get("groups");
    groups.forEach(
        group -> group.get("rules").forEach(rule -> found.add(rule.get("expr").textValue())));
    return found;
  }

  @Test
  void thereAreManyOfBoth() throws IOException {
    assertThat(expressions()).hasSizeGreaterThan(50);
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void whatIsAskedForIsMeasuredWithTheseLabels(String expression) {
    Matcher selector =
        Pattern.compile("\\b((?:rollcall|jvm|process|cache)_[a-z_0-9]+)(?:\\{([^}]*)})?")
            .matcher(expression);
    Set<String> known = new HashSet<>(OF_SCRAPE);
    int selectors = 0;
    while (selector.find()) {
      selectors++;
      String metric = selector.group(1);
      assertThat(labels).as("measured").containsKey(metric);
      known.addAll(labels.get(metric));
      Set<String> own = new HashSet<>(labels.get(metric));
      own.addAll(OF_SCRAPE);
      String matchers = selector.group(2);
      assertThat(own)
          .as("labels of " + metric)
          .containsAll(names(matchers == null ? "" : matchers));
    }
    assertThat(selectors).as("metrics in " + expression).isPositive();
    assertThat(known)
        .as("labels of what " + expression + " groups")
        .containsAll(
            GROUPING
                .matcher(expression)
                .results()
                .flatMap(by -> Pattern.compile(", *").splitAsStream(by.group(1)))
                .toList());
  }

  @Test
  void eachRuleSaysWhatIsWrongAndHowUrgentThatIs() throws IOException {
    JsonNode rules = new YAMLMapper().readTree(ALERTS.toFile()).get("groups").get(0).get("rules");
    assertThat(rules).isNotEmpty();
    Set<String> names = new HashSet<>();
    for (JsonNode rule : rules) {
      assertThat(names.add(rule.get("alert").textValue())).as("one of its name").isTrue();
      assertThat(rule.get("labels").get("severity").textValue()).isIn("page", "ticket");
      assertThat(rule.get("annotations").get("summary").textValue()).isNotBlank();
      assertThat(rule.get("annotations").get("description").textValue()).isNotBlank();
    }
  }
}
