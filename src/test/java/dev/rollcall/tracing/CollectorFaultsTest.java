package dev.rollcall.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import dev.rollcall.config.Settings;
import dev.rollcall.users.Awaiting;
import dev.rollcall.wire.TraceContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What becomes of spans, and of whoever ends them, while the collector does not do its part. */
@Timeout(60)
@Tag("slow")
class CollectorFaultsTest {
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CollectorLog.class);
  private OtlpReceiver collector;
  private Tracing tracing;

  @BeforeEach
  void start() throws IOException {
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.INFO);
    collector = new OtlpReceiver();
    tracing = tracing(collector.url());
  }

  private Tracing tracing(String url) {
    return Tracing.start(
        Settings.of("tracing.endpoint=" + url).tracing(), "1", registry, Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    over.countDown();
    Awaiting.await(tracing.close(vertx));
    logger.detachAppender(log);
    logger.setLevel(null);
    collector.close();
    Awaiting.await(vertx.close());
  }

  private void endSpans(int count) {
    for (int i = 0; i < count; i++) {
      tracing.serve("work", TraceContext.NONE).set("n", i).end();
    }
  }

  private double dropped(String why) {
    return registry.get("rollcall.tracing.spans.dropped").tag("why", why).counter().count();
  }

  private double exported() {
    return registry.get("rollcall.tracing.spans.exported").counter().count();
  }

  private void hang(HttpExchange exchange) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void spansBeyondWhatMayWaitAreDroppedAtOnceAndCounted() {
    collector.answerWith(this::hang);
    long start = System.nanoTime();
    endSpans(20_000);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    // Nobody waited for the collector, which answers nothing.
    assertThat(took).isLessThan(Duration.ofSeconds(8));
    double waiting = registry.get("rollcall.tracing.spans.waiting").gauge().value();
    assertThat(waiting).isLessThanOrEqualTo(SpanQueue.CAPACITY);
    assertThat(dropped("full")).isGreaterThan(20_000 - SpanQueue.CAPACITY - 1024);
    long end = System.nanoTime();
    Awaiting.await(tracing.close(vertx));
    assertThat(Duration.ofNanos(System.nanoTime() - end)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void aCollectorThatRefusesCostsItsBatchAndALine() {
    collector.answerWith(
        exchange -> {
          exchange.sendResponseHeaders(400, 0);
          exchange.getResponseBody().write("no\r\nFAKE line".getBytes(UTF_8));
        });
    for (int batch = 1; batch <= 2; batch++) {
      endSpans(100);
      int expected = 100 * batch;
      await().untilAsserted(() -> assertThat(dropped("collector")).isEqualTo(expected));
    }
    assertThat(log.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .startsWith("spans do not reach " + collector.url() + "/v1/traces, 100 are lost so far: ")
        .endsWith("status 400");
    collector.takeAgain();
    endSpans(10);
    await().untilAsserted(() -> assertThat(exported()).isEqualTo(10));
    assertThat(log.list).hasSize(2);
    assertThat(log.list.get(1).getFormattedMessage()).endsWith("again, 200 were lost");
  }

  @Test
  void anAnswerWithoutEndIsGivenUpAndTheNextBatchArrives() {
    collector.answerWith(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          hang(exchange);
        });
    endSpans(5);
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(dropped("collector")).isEqualTo(5));
    collector.takeAgain();
    endSpans(7);
    await().untilAsserted(() -> assertThat(exported()).isEqualTo(7));
    assertThat(log.list.get(0).getFormattedMessage()).endsWith("no answer in time");
  }

  @Test
  void aHugeAnswerIsNotRead() {
    collector.answerWith(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream body = exchange.getResponseBody();
          byte[] piece = new byte[1 << 20];
          while (over.getCount() > 0) {
            body.write(piece);
          }
        });
    endSpans(5);
    await().untilAsserted(() -> assertThat(dropped("collector") + exported()).isEqualTo(5));
    collector.takeAgain();
    endSpans(7);
    await().untilAsserted(() -> assertThat(collector.spans()).hasSize(7));
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    collector.answerWith(
        exchange -> {
          collector.takeAgain();
          exchange.close();
        });
    endSpans(5);
    await().untilAsserted(() -> assertThat(exported()).isEqualTo(5));
    assertThat(collector.spans()).hasSize(5);
  }

  @Test
  void whereNobodyListensTheProcessStillEndsSoon() {
    Tracing alone =
        Tracing.start(
            Settings.of("tracing.endpoint=http://127.0.0.1:9").tracing(),
            "1",
            new SimpleMeterRegistry());
    alone.serve("work", TraceContext.NONE).end();
    long start = System.nanoTime();
    Awaiting.await(alone.close(vertx));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void theLastSpansAreSentAtTheEnd() {
    endSpans(600);
    Awaiting.await(tracing.close(vertx));
    // It waits for two seconds, in which a busy machine may not get there.
    await().untilAsserted(() -> assertThat(collector.spans()).hasSize(600));
  }
}
