package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sessions that the documents show, command by command, against the fat jar. */
@Timeout(180)
class DocumentsIT {

  private static final long PATIENCE_SECONDS = 20;

  /** Answers that the upstreams of the examples give, by path; there is none elsewhere. */
  private static final Map<String, String> ANSWERS =
      Map.of("/accounts/", "{\"companyId\":7}", "/companies/7", "{\"name\":\"Acme\"}");

  private static final Pattern UPSTREAM = Pattern.compile("127\\.0\\.0\\.1:300\\d");

  @TempDir Path folder;

  private HttpServer upstream;

  @BeforeEach
  void startTheUpstream() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ANSWERS.forEach(
        (path, answer) ->
            upstream.createContext(
                path,
                exchange -> {
                  byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                  exchange.getResponseHeaders().set("Content-Type", "application/json");
                  exchange.sendResponseHeaders(200, body.length);
                  exchange.getResponseBody().write(body);
                  exchange.close();
                }));
    // Whoever asks here waits for its timeout.
    upstream.createContext("/orders", exchange -> {});
    upstream.start();
  }

  @AfterEach
  void stopTheUpstream() {
    upstream.stop(0);
  }

  @Test
  void theReadme() throws Exception {
    assumeCurl();
    Page page = Page.readme();
    try (RollcallProcess rollcall = start(page.blocks("yaml").get(0))) {
      perform(page, rollcall);
    }
  }

  @Test
  void users() throws Exception {
    assumeCurl();
    try (RollcallProcess rollcall = start("")) {
      perform(Page.named("users"), rollcall);
    }
  }

  @Test
  void views() throws Exception {
    assumeCurl();
    Page page = Page.named("views");
    String bridge = "bus: {bridge: {enabled: true, outbound: [orders.by-user]}}\n";
    try (RollcallProcess rollcall = start(bridge + page.blocks("yaml").get(0));
        WebSocketClient orders = new WebSocketClient(rollcall.http())) {
      create(rollcall, 1);
      // It owns the source and never answers.
      orders.send("{\"type\":\"register\",\"address\":\"orders.by-user\",\"replyAddress\":\"r\"}");
      orders.await(ShownOutput.pattern("{\"type\":\"rec\",\"address\":\"r\",…"));
      perform(page, rollcall);
    }
  }

  @Test
  void jobs() throws Exception {
    assumeCurl();
    String conf =
        """
        sources: {account: {http: "http://127.0.0.1:3001/accounts/{id}"}}
        views: {profile: {sources: [account]}}
        """;
    try (RollcallProcess rollcall = start(conf)) {
      create(rollcall, 3);
      perform(Page.named("jobs"), rollcall);
    }
  }

  @Test
  void webhooks() throws Exception {
    assumeInstalled("openssl");
    for (Page.Step step : Page.named("webhooks").session()) {
      perform(step, step.command());
    }
  }

  @Test
  void operations() throws Exception {
    assumeCurl();
    try (RollcallProcess rollcall = start("")) {
      perform(Page.named("operations"), rollcall);
    }
  }

  @Test
  void configuration() throws Exception {
    for (Page.Step step : Page.named("configuration").session()) {
      String jar = Path.of(System.getProperty("rollcall.jar")).toAbsolutePath().toString();
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      perform(step, step.command().replace("java -jar target/rollcall.jar", java + " -jar " + jar));
    }
  }

  @Test
  void theBridgeOfTheEventBus() throws Exception {
    Page page = Page.named("event-bus");
    try (RollcallProcess rollcall = start("bus: {bridge: {enabled: true}}\n");
        WebSocketClient socket = new WebSocketClient(rollcall.http())) {
      create(rollcall, 1);
      for (String line : page.blocks("frames").get(0).lines().toList()) {
        String frame = line.substring(2);
        if (line.startsWith("▶")) {
          socket.send(frame);
        } else {
          socket.await(ShownOutput.pattern(frame));
        }
      }
    }
  }

  @Test
  void theDemoDrawsEveryMode() throws Exception {
    assertThat(script(0, "demo", "0.1"))
        .contains("sequential: one after the other", "all: at once, and all answers")
        .contains("any: ", "race: ", "batch: 100 users, 10 in flight, in mode all", "100th")
        .contains("it fails          ok, attempts 1, stale, age ")
        .contains("it is left out    20 requests: 20 at the first,  0 at the second, 0 failed");
  }

  @Test
  void theDemoOfWebhooksEndsWellWhereNothingIsLost() throws Exception {
    assertThat(script(0, "demo", "--webhooks"))
        .containsPattern("slow +297 297 +\\d+ +0 +0 +0 +yes")
        .containsPattern("failing +297 297 +\\d+ +[1-9]\\d* +[1-9]\\d* +0 +yes")
        .containsPattern("away +297 297 +\\d+ +0 +[1-9]\\d* +0 +yes")
        .contains("nothing is lost");
  }

  @Test
  void scriptsTellHowTheyAreUsed() throws Exception {
    assertThat(script(0, "run", "--help")).contains("Usage: rollcall", "--conf", "--check");
    assertThat(script(0, "copy", "--help")).contains("Usage: rollcall copy", "--from", "--to");
    assertThat(script(2, "bench", "nothing"))
        .contains("usage: scripts/bench", "--before", "fanout");
    assertThat(script(2, "cluster", "--nodes", "0")).contains("usage: scripts/cluster", "--nodes");
    assertThat(script(2, "crash", "0")).contains("usage: ", "scripts/crash");
    assertThat(script(2, "drill", "nothing")).contains("usage: scripts/drill", "[split]");
    assertThat(script(2, "demo", "9")).contains("usage: scripts/demo");
    assertThat(script(2, "fuzz", "all")).contains("usage: scripts/fuzz");
  }

  /** Runs a script until it ends with that exit code; gives all that it printed. */
  private String script(int code, String... command) throws Exception {
    Path jar = Path.of("target", "rollcall.jar");
    assumeThat(jar).isRegularFile();
    if (isOlderThanItsSources(jar)) {
      // The build had nothing to do; by its date, scripts would make it again.
      Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
    }
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, "scripts/" + command[0]);
    Path out = folder.resolve(command[0] + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out.toFile());
    // Their programs are compiled as they start and soon end; the optimising compiler would not
    // pay.
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    Process process = builder.start();
    boolean ended = process.waitFor(150, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    String printed = Files.readString(out);
    assertThat(ended).as("%s ends: %s", words, printed).isTrue();
    assertThat(process.exitValue()).as("%s: %s", words, printed).isEqualTo(code);
    return printed;
  }

  private static boolean isOlderThanItsSources(Path jar) throws IOException {
    FileTime made = Files.getLastModifiedTime(jar);
    List<Path> sources = new ArrayList<>(List.of(Path.of("pom.xml")));
    try (Stream<Path> main = Files.walk(Path.of("src", "main"))) {
      main.forEach(sources::add);
    }
    for (Path source : sources) {
      if (Files.getLastModifiedTime(source).compareTo(made) > 0) {
        return true;
      }
    }
    return false;
  }

  private static void assumeCurl() throws Exception {
    assumeInstalled("curl");
  }

  private static void assumeInstalled(String command) throws Exception {
    Process found = new ProcessBuilder("sh", "-c", "command -v " + command).start();
    assumeThat(found.waitFor()).as("%s is not installed here", command).isZero();
  }

  /** A Rollcall with settings that a page shows, whose upstreams are here. */
  private RollcallProcess start(String conf) throws IOException {
    String here = "127.0.0.1:" + upstream.getAddress().getPort();
    Path file = folder.resolve("rollcall.yaml");
    Files.writeString(file, UPSTREAM.matcher(conf).replaceAll(here));
    return RollcallProcess.in(folder)
        .env("ACCOUNT_TOKEN", "secret")
        .set("backup.folder", "data/backups")
        .workingDirectory(folder)
        .start("--conf", file.toString());
  }

  private static void create(RollcallProcess rollcall, int users) {
    for (int id = 1; id <= users; id++) {
      String alice = "{\"name\":\"Alice\"}";
      assertThat(rollcall.client().sendJson("PUT", "/users/" + id, alice).statusCode())
          .isEqualTo(201);
    }
  }

  private void perform(Page page, RollcallProcess rollcall) throws Exception {
    List<Page.Step> steps = page.session();
    assertThat(steps).isNotEmpty();
    for (Page.Step step : steps) {
      String command =
          step.command()
              .replace("localhost:8080", rollcall.http().getAuthority())
              .replace("localhost:8081", rollcall.management().getAuthority());
      // Where its output goes to a file, curl would show its progress.
      perform(step, "curl() { command curl -sS \"$@\"; }; " + command);
    }
  }

  /** Runs a command until it has printed what is shown; some, which follow, do not end. */
  private void perform(Page.Step step, String command) throws Exception {
    Pattern shown = ShownOutput.pattern(step.output());
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    StringBuilder printed = new StringBuilder();
    Thread reader = new Thread(() -> read(process.getInputStream(), printed));
    reader.start();
    boolean endless = step.command().contains(" -N ");
    boolean seen = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!seen && System.nanoTime() < end && process.isAlive()) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
      seen = endless && shown.matcher(text(printed)).matches();
    }
    process.descendants().forEach(ProcessHandle::destroy);
    // Not Process.destroy(), which closes the output, read or not.
    process.toHandle().destroy();
    reader.join();
    if (!seen) { // The shell may tell, after what was awaited, that its child was ended.
      assertThat(text(printed)).as("%s", step.command()).matches(shown);
    }
  }

  private static String text(StringBuilder printed) {
    synchronized (printed) {
      return printed.toString().replace("\r", "").strip();
    }
  }

  private static void read(InputStream from, StringBuilder into) {
    byte[] buffer = new byte[8192];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        synchronized (into) {
          into.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The process was ended.
    }
  }
}
