package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(30)
class LoggingTest {
  private static final Logger LOG = LoggerFactory.getLogger("dev.rollcall.users.UserService");

  private final PrintStream before = System.out;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void captureStandardOutput() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void logAsBefore() {
    System.setOut(before);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new Logging.Initial().configure(context);
  }

  private static void start(String... sets) {
    Logging.start(Settings.of(sets).log());
  }

  /** Everything that was logged, after a flush. */
  private List<String> lines() {
    Logging.stop();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void anEventIsOneLineOfTimeLevelLoggerMessageAndPairs() {
    start();
    LOG.atWarn().addKeyValue("user", 42).addKeyValue("name", "Al \"x\" b").log("stored {}", "it");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  d\\.r\\.users\\.UserService"
                + " stored it user=42 name=\"Al \\\\\"x\\\\\" b\"");
  }

  @Test
  void anExceptionIsFoldedIntoTheSameLine() {
    start();
    LOG.error("failed", new IllegalStateException("outer\nsecond", new RuntimeException("inner")));
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("failed | java.lang.IllegalStateException: outer | second | at ")
        .contains(" | Caused by: java.lang.RuntimeException: inner | ");
  }

  @Test
  void aMessageCannotForgeALineNorSteerATerminal() {
    start();
    LOG.atInfo()
        .addKeyValue("agent", "curl\r\nfake")
        .log("a\n2026-01-01T00:00:00.000Z INFO  forged\u001b[2J\u0085\u2028\u202eb\t.");
    assertThat(lines())
        .singleElement()
        .asString()
        .endsWith(
            "a\\n2026-01-01T00:00:00.000Z INFO  forged\\u001b[2J\\u0085\\u2028\\u202eb\\t."
                + " agent=curl\\r\\nfake");
  }

  @Test
  void jsonIsOneObjectALine() throws Exception {
    start("log.format=json");
    LOG.atInfo().addKeyValue("user", 42).log("Zoë\n\"quoted\" {}", "\u0001");
    LOG.error("failed", new IllegalStateException("a\nb"));
    List<String> lines = lines();
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("level").asText()).isEqualTo("INFO");
    assertThat(first.path("formattedMessage").asText()).isEqualTo("Zoë\n\"quoted\" \u0001");
    assertThat(first.path("kvpList").path(0).path("user").asText()).isEqualTo("42");
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    assertThat(second.path("throwable").path("message").asText()).isEqualTo("a\nb");
  }

  @Test
  void theAccessLogIsASwitchOfItsOwn() {
    Logger access = LoggerFactory.getLogger(Logging.ACCESS);
    start("log.access=false");
    access.info("hidden");
    start("log.level=error");
    access.info("shown");
    LOG.info("hidden");
    assertThat(lines()).singleElement().asString().endsWith(" rollcall.access shown");
  }

  @Test
  void debugIsOursAlone() {
    start("log.level=debug");
    LoggerFactory.getLogger("io.netty.buffer.PoolArena").debug("hidden");
    LOG.debug("shown");
    assertThat(lines()).singleElement().asString().endsWith(" shown");
  }

  @Test
  void whatLibrariesLogThroughTheJdkIsALineToo() {
    start();
    System.getLogger("some.library").log(System.Logger.Level.WARNING, "odd {0}", "thing");
    assertThat(lines()).singleElement().asString().endsWith("WARN  some.library odd thing");
  }

  @Test
  void nobodyWaitsForAStuckPipeAndWhatIsDiscardedIsCounted() {
    CountDownLatch released = new CountDownLatch(1);
    System.setOut(new PrintStream(new StuckPipe(released, out), true, StandardCharsets.UTF_8));
    start();
    long discardedBefore = Logging.discarded();
    int logged = 3 * LogQueue.SIZE;
    for (int i = 0; i < logged; i++) {
      LOG.info("event");
    }
    LOG.error("the line that tells why");
    released.countDown();
    List<String> lines = lines();
    assertThat(lines.size() + Logging.discarded() - discardedBefore).isEqualTo(logged + 1);
    assertThat(lines).hasSizeLessThanOrEqualTo(2 * LogQueue.SIZE);
    assertThat(lines).last().asString().endsWith("the line that tells why");
  }

  /** Takes nothing before it is released. */
  private static final class StuckPipe extends OutputStream {
    private final CountDownLatch released;
    private final OutputStream out;

    StuckPipe(CountDownLatch released, OutputStream out) {
      this.released = released;
      this.out = out;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      boolean interrupted = false;
      while (released.getCount() > 0) {
        try {
          released.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      try {
        out.write(bytes, offset, length);
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
