package dev.rollcall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rollcall.cluster.FreePorts;
import dev.rollcall.config.Settings;
import dev.rollcall.tracing.OtlpReceiver;
import dev.rollcall.tracing.ReceivedSpan;
import dev.rollcall.users.Awaiting;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The traces of two nodes: one answers clients, the other has the store and the sources. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class TracesOfNodesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";

  /** What a source was asked. */
  private record Asked(String path, Map<String, List<String>> headers) {
    String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final List<Rollcall> nodes = new ArrayList<>();

  @TempDir private static Path folder;
  private OtlpReceiver collector;
  private HttpServer upstream;

  @BeforeAll
  void start() throws IOException {
    collector = new OtlpReceiver();
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.setExecutor(threads);
    upstream.createContext("/", this::serve);
    upstream.start();
    List<Integer> ports = FreePorts.find(2);
    nodes.add(node(ports, 0, "store.path=" + folder.resolve("users.db"), "deploy.http=0"));
    nodes.add(node(ports, 1, "store.kind=remote", "deploy.sources=0"));
    await().until(() -> send("PUT", "/users/3", "{\"name\":\"Eve\"}").statusCode() < 300);
    await().until(() -> send("PUT", "/users/1", "{\"name\":\"Ada\"}").statusCode() < 300);
  }

  private Rollcall node(List<Integer> ports, int number, String... sets) {
    String source = "http://127.0.0.1:" + upstream.getAddress().getPort();
    List<String> all =
        new ArrayList<>(
            List.of(
                "http.port=0",
                "management.port=0",
                "cluster.enabled=true",
                "cluster.network=untrusted",
                "cluster.host=127.0.0.1",
                "cluster.members=127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1),
                "cluster.port=" + ports.get(number),
                "deploy.eventLoops=2",
                "tracing.endpoint=" + collector.url(),
                "sources.flaky.http=" + source + "/flaky/{id}",
                "sources.flaky.retries=1",
                "sources.slow.http=" + source + "/slow/{id}",
                "sources.slow.hedgeAfter=100ms",
                "sources.slow.timeout=10s",
                "sources.held.http=" + source + "/held/{id}",
                "sources.held.hedgeAfter=100ms",
                "sources.held.timeout=10s",
                "views.late.sources=held",
                "views.late.deadline=20s",
                "views.both.sources=flaky,slow",
                "views.both.required=flaky",
                "views.both.deadline=20s"));
    all.addAll(List.of(sets));
    return Awaiting.await(Rollcall.start(Settings.of(all.toArray(String[]::new))));
  }

  /** The first answer of one source is a failure, that of the other does not come. */
  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(new Asked(path, Map.copyOf(exchange.getRequestHeaders())));
    boolean first =
        counts.computeIfAbsent(path, added -> new AtomicInteger()).getAndIncrement() == 0;
    if (path.startsWith("/held/") || (first && path.startsWith("/slow/"))) {
      return; // Its connection is closed by whoever has waited long enough.
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(first ? 503 : 200, 0);
    exchange.getResponseBody().write("{\"ok\":true}".getBytes(UTF_8));
    exchange.close();
  }

  @AfterAll
  void stop() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Awaiting.await(nodes.get(i).close());
    }
    upstream.stop(0);
    threads.shutdownNow();
    collector.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + nodes.get(1).httpPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    try {
      return client.send(
          request
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
    List<ReceivedSpan> found = spans.stream().filter(span -> span.name().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static Stream<ReceivedSpan> attempts(List<ReceivedSpan> spans) {
    return spans.stream().filter(span -> span.attributes().containsKey("rollcall.attempt"));
  }

  @Test
  void aViewOfTwoNodesWithAHedgeAndARetryIsOneTrace() {
    HttpResponse<String> answer =
        send(
            "GET",
            "/users/3/views/both",
            "",
            "traceparent",
            "00-" + TRACE + "-" + CALLER + "-01",
            "tracestate",
            "vendor=1",
            "baggage",
            "tenant=7");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    List<ReceivedSpan> spans =
        collector.awaitTrace(
            TRACE,
            all ->
                attempts(all).count() == 4
                    && all.stream().anyMatch(span -> span.name().startsWith("GET "))
                    && all.stream().filter(span -> span.name().startsWith("process ")).count() > 4);

    ReceivedSpan request = only(spans, "GET /users/{id}/views/{view}");
    assertThat(request.kind()).isEqualTo("SERVER");
    assertThat(request.parent()).isEqualTo(CALLER);
    assertThat(request.attributes())
        .containsEntry("http.request.method", "GET")
        .containsEntry("http.route", "/users/{id}/views/{view}")
        .containsEntry("http.response.status_code", 200L)
        .containsEntry("url.path", "/users/3/views/both")
        .containsEntry("url.scheme", "http")
        .containsEntry("network.protocol.version", "1.1");
    assertThat(request.resourceAttributes()).containsEntry("service.name", "rollcall");
    assertThat(request.span().getTraceState()).isEqualTo("vendor=1");
    assertThat(answer.headers().firstValue("server-timing").orElseThrow())
        .endsWith("traceparent;desc=\"00-" + TRACE + "-" + request.id() + "-01\"");

    ReceivedSpan view = only(spans, "view both");
    assertThat(view.parent()).isEqualTo(request.id());
    assertThat(view.attributes())
        .containsEntry("rollcall.view", "both")
        .containsEntry("rollcall.mode", "all")
        .containsEntry("rollcall.user", 3L)
        .containsEntry("rollcall.status", 200L)
        .containsEntry("rollcall.complete", true);

    assertThat(attempts(spans))
        .allSatisfy(attempt -> assertThat(attempt.parent()).isEqualTo(view.id()))
        .allSatisfy(attempt -> assertThat(attempt.kind()).isEqualTo("CLIENT"))
        .extracting(
            span -> span.attribute("rollcall.source"),
            span -> span.attribute("rollcall.attempt"),
            span -> span.attribute("rollcall.hedge"),
            span -> span.attribute("rollcall.end"))
        .containsExactlyInAnyOrder(
            tuple("flaky", 1L, false, "failed"),
            tuple("flaky", 2L, false, "ok"),
            tuple("slow", 1L, false, "cancelled"),
            tuple("slow", 2L, true, "ok"));

    assertThat(spans.stream().filter(span -> span.name().startsWith("process rollcall.source.")))
        .hasSize(4)
        .allSatisfy(span -> assertThat(span.kind()).isEqualTo("SERVER"))
        .allSatisfy(span -> assertThat(span.instance()).isNotEqualTo(view.instance()))
        .extracting(ReceivedSpan::parent)
        .containsExactlyInAnyOrderElementsOf(attempts(spans).map(ReceivedSpan::id).toList());

    List<Asked> mine =
        asked.stream().filter(each -> each.header("Traceparent").contains(TRACE)).toList();
    assertThat(mine)
        .hasSize(4)
        .allSatisfy(each -> assertThat(each.header("Tracestate")).isEqualTo("vendor=1"))
        .allSatisfy(each -> assertThat(each.header("Baggage")).isEqualTo("tenant=7"));
    assertThat(mine.stream().map(each -> each.header("Traceparent")))
        .containsExactlyInAnyOrderElementsOf(
            attempts(spans).map(span -> "00-" + TRACE + "-" + span.id() + "-01").toList());
  }

  @Test
  void aWriteIsOneTraceToTheCommitAtTheNodeThatHasTheStore() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    HttpResponse<String> answer =
        send(
            "PUT",
            "/users/2",
            "{\"name\":\"Grace\",\"email\":\"grace@example.com\"}",
            "traceparent",
            "00-" + trace + "-" + CALLER + "-01");
    assertThat(answer.statusCode()).isEqualTo(201);
    List<ReceivedSpan> spans = collector.awaitTrace(trace, all -> all.size() == 3);
    ReceivedSpan request = only(spans, "PUT /users/{id}");
    ReceivedSpan message = only(spans, "process rollcall.users.write");
    ReceivedSpan commit = only(spans, "commit");
    assertThat(message.parent()).isEqualTo(request.id());
    assertThat(commit.parent()).isEqualTo(message.id());
    assertThat(commit.instance()).isNotEqualTo(request.instance());
    assertThat(spans.toString()).doesNotContain("grace@").doesNotContain("Grace");
  }

  @Test
  void aCallerWhoSaysNoIsNotTracedAndPassesThatOn() {
    String trace = "1af7651916cd43dd8448eb211c80319c";
    HttpResponse<String> answer =
        send("GET", "/users/1/views/both", "", "traceparent", "00-" + trace + "-" + CALLER + "-00");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("server-timing").orElseThrow())
        .containsPattern("traceparent;desc=\"00-" + trace + "-[0-9a-f]{16}-00\"");
    assertThat(asked.stream().map(each -> each.header("Traceparent")))
        .filteredOn(traceparent -> traceparent.contains(trace))
        .isNotEmpty()
        .allSatisfy(traceparent -> assertThat(traceparent).endsWith("-00"));
    JsonObject fetch =
        new JsonObject(management("/fetches?limit=100"))
            .getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(item -> trace.equals(item.getString("traceId")))
                .findFirst()
                .orElseThrow();
    assertThat(fetch.getInteger("status")).isEqualTo(200);
    // What came after it has arrived.
    send("GET", "/users/77", "", "traceparent", "00-2" + trace.substring(1) + "-" + CALLER + "-01");
    collector.awaitTrace("2" + trace.substring(1), all -> !all.isEmpty());
    assertThat(collector.spans()).extracting(ReceivedSpan::traceId).doesNotContain(trace);
  }

  private String management(String path) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + nodes.get(1).managementPort() + path))
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWriteThatIsNotTracedDoesNotFindTheSpanOfTheOneBeforeItOnItsConnection() {
    String sampled = "4af7651916cd43dd8448eb211c80319c";
    String after = "5af7651916cd43dd8448eb211c80319c";
    for (int i = 0; i < 5; i++) {
      String body = "{\"name\":\"Name " + i + "\"}";
      String before = "00-" + sampled + "-" + CALLER + "-01";
      assertThat(send("PUT", "/users/8", body, "traceparent", before).statusCode()).isLessThan(300);
      assertThat(
              send("PUT", "/users/8", body, "traceparent", "00-" + after + "-" + CALLER + "-00")
                  .statusCode())
          .isLessThan(300);
    }
    // So many come of what is traced, and none beside them.
    List<ReceivedSpan> spans = collector.awaitTrace(sampled, all -> all.size() >= 15);
    assertThat(spans.stream().filter(span -> span.name().equals("commit"))).hasSize(5);
    assertThat(spans).hasSize(15);
  }

  @Test
  void aRequestWithoutATraceBeginsOneAndAMalformedOneIsIgnored() {
    HttpResponse<String> answer =
        send("GET", "/users/1?x=secret@example.com", "", "traceparent", "00-nonsense-01-01");
    assertThat(answer.statusCode()).isEqualTo(400);
    ReceivedSpan span =
        await()
            .until(
                () ->
                    collector.spans().stream()
                        .filter(
                            each ->
                                Long.valueOf(400)
                                    .equals(each.attribute("http.response.status_code")))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    assertThat(span.parent()).isEmpty();
    assertThat(span.attribute("url.path")).isEqualTo("/users/1");
    assertThat(span.toString()).doesNotContain("secret");
    assertThat(span.isError()).isFalse();
  }

  @Test
  void theSpansOfAViewOutOfTimeSayWhatItsTimelineSays() {
    String trace = "3af7651916cd43dd8448eb211c80319c";
    HttpResponse<String> answer =
        send(
            "GET",
            "/users/1/views/late?explain=true",
            "",
            "Rollcall-Deadline-Ms",
            "600",
            "traceparent",
            "00-" + trace + "-" + CALLER + "-01");
    JsonObject held = new JsonObject(answer.body()).getJsonObject("sources").getJsonObject("held");
    List<Object> ends =
        held.getJsonArray("timeline").stream()
            .map(JsonObject.class::cast)
            .map(attempt -> (Object) attempt.getString("end"))
            .toList();
    assertThat(ends).containsExactly("timeout", "timeout");
    List<ReceivedSpan> spans =
        collector.awaitTrace(trace, all -> attempts(all).count() == ends.size());
    assertThat(attempts(spans))
        .allSatisfy(attempt -> assertThat(attempt.isError()).isTrue())
        .extracting(attempt -> attempt.attribute("rollcall.end"))
        .containsExactlyElementsOf(ends);
  }

  @Test
  void aMessageAndEachUserOfTheJobThatItStartsBeginATrace() {
    JsonObject job =
        new JsonObject()
            .put("view", "both")
            .put("ids", new JsonArray().add(4).add(5))
            .put("concurrency", 2);
    EventBus bus = nodes.get(1).vertx().eventBus();
    Awaiting.await(bus.request("rollcall.jobs.start", job));
    List<ReceivedSpan> users = await().until(() -> named("job user"), found -> found.size() == 2);
    assertThat(users)
        .allSatisfy(user -> assertThat(user.parent()).isEmpty())
        .allSatisfy(user -> assertThat(user.isError()).isTrue())
        .extracting(user -> user.attribute("rollcall.user"))
        .containsExactlyInAnyOrder(4L, 5L);
    assertThat(users.get(0).traceId()).isNotEqualTo(users.get(1).traceId());
    for (ReceivedSpan user : users) {
      ReceivedSpan view =
          only(collector.awaitTrace(user.traceId(), all -> all.size() == 2), "view both");
      assertThat(view.parent()).isEqualTo(user.id());
      assertThat(view.attribute("rollcall.status")).isEqualTo(404L);
    }
    ReceivedSpan message =
        await().until(() -> named("process rollcall.jobs.start"), found -> !found.isEmpty()).get(0);
    assertThat(message.parent()).isEmpty();
    assertThat(message.kind()).isEqualTo("SERVER");
    assertThat(message.attributes())
        .containsEntry("messaging.system", "vertx")
        .containsEntry("messaging.destination.name", "rollcall.jobs.start")
        .containsEntry("rollcall.code", 200L);
    ReceivedSpan commit =
        only(collector.awaitTrace(message.traceId(), all -> all.size() == 2), "commit");
    assertThat(commit.parent()).isEqualTo(message.id());
  }

  private List<ReceivedSpan> named(String name) {
    return collector.spans().stream().filter(span -> span.name().equals(name)).toList();
  }
}
