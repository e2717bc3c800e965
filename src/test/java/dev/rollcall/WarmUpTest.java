package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.rollcall.cluster.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process does before it is ready, in processes of their own. */
@Timeout(120)
@Tag("slow")
class WarmUpTest {
  private static final Pattern READY = Pattern.compile("Ready at http://127.0.0.1:(\\d+),");

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private Path temporary = Path.of("");
  private int management;
  private HttpServer source;

  @BeforeEach
  void prepare() throws IOException {
    temporary = Files.createDirectory(folder.resolve("tmp"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      management = free.getLocalPort();
    }
    source = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    source.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    source.start();
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    source.stop(0);
  }

  private Process start(List<String> jvm, String... sets) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary));
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.rollcall.Main"));
    List<String> all = new ArrayList<>(List.of(sets));
    all.addAll(List.of("http.port=0", "management.port=" + management));
    all.add("sources.real.http=http://127.0.0.1:" + source.getAddress().getPort() + "/{id}");
    all.add("store.path=" + folder.resolve("users.db"));
    all.addAll(List.of("sources.far.address=far.away", "deploy.eventLoops=2"));
    all.addAll(List.of("views.one.sources=real,far", "views.one.modes=all,any,race,sequential"));
    all.forEach(each -> command.addAll(List.of("--set", each)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLLCALL_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  private String managementSays(String path) {
    try {
      return send("GET", "http://127.0.0.1:" + management + path, "").body();
    } catch (IOException | InterruptedException notYet) {
      return "";
    }
  }

  private HttpResponse<String> send(String method, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    request.method(method, BodyPublishers.ofString(body));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private void awaitWarmingUp() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> managementSays("/health/ready").contains("\"warming up\""));
  }

  /** The lines up to the one that says that it is ready. */
  private static List<String> untilReady(BufferedReader log) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      lines.add(line);
      if (line.contains(" Ready at ")) {
        return lines;
      }
    }
    throw new IOException("it ended: " + lines);
  }

  private List<String> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("rollcall-warm-up"))
          .toList();
    }
  }

  @Test
  void aProcessWorksOnItsOwnBeforeItIsReadyAndNothingOfThatIsLeft() throws Exception {
    Process running = start(List.of(), "deploy.warmUp=3s", "http.rate.perCaller=10");
    awaitWarmingUp();
    assertThat(managementSays("/health/live")).contains("\"up\"");
    assertThat(managementSays("/metrics")).contains("jvm_").doesNotContain("rollcall_views");
    List<String> lines = untilReady(running.inputReader());

    assertThat(lines).filteredOn(line -> line.contains("Warmed up for")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.contains("WarmUp")).hasSize(1);
    assertThat(lines).noneMatch(line -> line.contains("rollcall.access"));
    assertThat(lines).noneMatch(line -> line.contains("audit"));
    assertThat(asked).hasValue(0);
    assertThat(leftBehind()).isEmpty();
    Matcher ready = READY.matcher(lines.get(lines.size() - 1));
    assertThat(ready.find()).isTrue();
    String url = "http://127.0.0.1:" + ready.group(1);
    assertThat(send("GET", url + "/users/changes", "").body()).contains("\"items\":[]");
    HttpResponse<String> created = send("POST", url + "/users", "{\"name\":\"Alice\"}");
    assertThat(created.body()).contains("\"id\":1,").contains("\"version\":1");
    assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(managementSays("/health/ready")).contains("\"serving\"");
    assertThat(managementSays("/metrics"))
        .containsPattern("rollcall_http_connections \\d")
        .doesNotContainPattern("rollcall_source_breaker\\S* [12]")
        .doesNotContainPattern("rollcall_http_requests_seconds_count\\S* \\d{2,}");
  }

  @Test
  void callersKeysTlsAndTheBusAreDrivenAsWell() throws Exception {
    TestAuthority own = TestAuthority.create(folder.resolve("own"));
    own.sign("localhost");
    Process running =
        start(
            List.of(),
            "deploy.warmUp=40s",
            "auth.kind=required",
            "auth.adminKey=" + "k".repeat(40),
            "http.tls.certificate=" + own.certificate("localhost"),
            "http.tls.key=" + own.key("localhost"),
            "http.tls.clients=" + own.trust(),
            "bus.bridge.enabled=true");
    List<String> lines = untilReady(running.inputReader());
    assertThat(lines)
        .filteredOn(line -> line.contains("WarmUp"))
        .singleElement()
        .asString()
        .containsPattern("Warmed up for .* [1-9]\\d* at last");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void aSignalEndsTheWarmUp() throws Exception {
    Process running = start(List.of(), "deploy.warmUp=5m");
    awaitWarmingUp();
    await().atMost(Duration.ofSeconds(60)).until(() -> !leftBehind().isEmpty());
    running.toHandle().destroy();
    List<String> lines = running.inputReader().lines().toList();
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).isZero();
    assertThat(lines).noneMatch(line -> line.contains(" Ready at "));
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void whatFailsInAWarmUpIsAWarningAndTheProcessServes() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Process running =
        start(
            List.of("-Djava.io.tmpdir=" + file, "-Dorg.sqlite.tmpdir=" + temporary),
            "deploy.warmUp=1m",
            "deploy.transport=nio");
    List<String> lines = untilReady(running.inputReader());
    assertThat(lines)
        .filteredOn(line -> line.contains("WarmUp"))
        .singleElement()
        .asString()
        .contains("WARN")
        .contains("the warm-up failed, and the start goes on: ")
        .contains(file.toString());
  }
}
