package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lines that a hostile peer can cause as often as it likes. */
class ConnectionEventsTest {

  private static final String CONNECTIONS = "io.vertx.core.net.impl.ConnectionBase";

  private final LoggerContext context = context();
  private final AtomicLong now = new AtomicLong();
  private final ConnectionEvents connections = new ConnectionEvents(now::get);

  private static LoggerContext context() {
    LoggerContext made = new LoggerContext();
    made.setMDCAdapter(new LogbackMDCAdapter());
    return made;
  }

  private LoggingEvent event(String logger, Level level, String text, @Nullable Throwable thrown) {
    return new LoggingEvent("here", context.getLogger(logger), level, text, thrown, null);
  }

  private long leftOut(String logger, Level level, @Nullable Throwable thrown) {
    return connections.leftOutBefore(event(logger, level, "text " + now.get(), thrown));
  }

  @Test
  void ofEachKindOneLineAMinuteIsWrittenAndTheOthersAreCounted() {
    long before = ConnectionEvents.leftOut();
    assertThat(leftOut(CONNECTIONS, Level.ERROR, new IOException("a"))).isZero();
    for (int i = 0; i < 1000; i++) {
      assertThat(leftOut(CONNECTIONS, Level.ERROR, new IOException("b" + i))).isNegative();
    }
    assertThat(leftOut(CONNECTIONS, Level.ERROR, new IllegalStateException())).isZero();
    assertThat(leftOut("io.netty.x", Level.WARN, null)).isZero();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(ConnectionEvents.WINDOW_MILLIS));
    assertThat(leftOut(CONNECTIONS, Level.ERROR, new IOException("c"))).isEqualTo(1000);
    assertThat(leftOut(CONNECTIONS, Level.ERROR, new IOException("d"))).isNegative();
    assertThat(ConnectionEvents.leftOut() - before).isEqualTo(1001);
  }

  @Test
  void whatIsOursOrLessSevereIsAlwaysWritten() {
    for (int i = 0; i < 10; i++) {
      assertThat(leftOut("dev.rollcall.Main", Level.ERROR, new IOException())).isZero();
      assertThat(leftOut(CONNECTIONS, Level.INFO, null)).isZero();
      assertThat(leftOut("com.hazelcast.x", Level.WARN, null)).isZero();
    }
  }

  @Test
  void kindsWithoutNumberAreHeldInBoundedMemory() {
    for (int i = 0; i < 10_000; i++) {
      leftOut("io.netty.x" + i, Level.WARN, null);
    }
    assertThat(leftOut("io.netty.new", Level.WARN, null)).isNegative();
  }

  @Test
  void theQueueTellsHowManyWereLeftOut() {
    ListAppender<ILoggingEvent> written = new ListAppender<>();
    written.setContext(context);
    written.start();
    LogQueue queue = LogQueue.before(written, context, connections);
    queue.doAppend(event(CONNECTIONS, Level.ERROR, "first", null));
    queue.doAppend(event(CONNECTIONS, Level.ERROR, "second", null));
    queue.doAppend(event(CONNECTIONS, Level.ERROR, "third", null));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(ConnectionEvents.WINDOW_MILLIS));
    queue.doAppend(event(CONNECTIONS, Level.ERROR, "fourth", null));
    queue.stop();
    assertThat(written.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "first", "fourth", "2 lines as the one before this were left out, of " + CONNECTIONS);
  }
}
