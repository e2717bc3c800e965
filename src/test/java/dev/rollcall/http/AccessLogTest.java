package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rollcall.wire.LogText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** One line a request, which nobody can forge. */
class AccessLogTest {

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("rollcall.access");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    LOG.setLevel(Level.INFO);
    LOG.addAppender(appender);
  }

  @AfterEach
  void leave() {
    LOG.detachAppender(appender);
  }

  @Test
  void aLineTellsWhatWasAskedAndAnswered(@TempDir Path folder) throws IOException {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    try (TestServer server = new TestServer(folder, "log.access=true");
        RawClient raw = server.raw()) {
      raw.head("GET /users/1?x", "X-Request-Id: mine", "traceparent: " + trace).read();
      await().until(() -> lines.size() == 1);
      assertThat(lines.get(0))
          .matches(
              "GET /users/1\\?x status=400 bytes=\\d+ ms=\\d+\\.\\d{3} id=mine trace="
                  + trace
                  + " from=127\\.0\\.0\\.1:\\d+");
      raw.head("GET /nowhere", "traceparent: " + trace.replace('4', 'Z')).read();
      await().until(() -> lines.size() == 2);
      assertThat(lines.get(1)).doesNotContain("trace=");
    }
  }

  @Test
  void whatAClientWroteCanNotLookLikeAnythingElse() {
    StringBuilder line = new StringBuilder();
    LogText.escape(line, "/a b\n\u0085\\é\u2028", 500);
    assertThat(line.toString()).isEqualTo("/a\\u0020b\\u000a\\u0085\\u005c\\u00e9\\u2028");
    line.setLength(0);
    LogText.escape(line, "x".repeat(501), 500);
    assertThat(line.toString()).isEqualTo("x".repeat(500) + "...");
  }

  @Test
  void theLogCanBeTurnedOff(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder, "log.access=false")) {
      server.get("/");
      server.get("/");
      assertThat(lines).isEmpty();
    }
  }
}
