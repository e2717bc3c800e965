package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class BlockedThreadsTest {

  private static final Logger LOG = (Logger) LoggerFactory.getLogger(BlockedThreads.class);

  private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(event);
        }
      };
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch go = new CountDownLatch(1);
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
              .setMaxEventLoopExecuteTime(500)
              .setMaxWorkerExecuteTimeUnit(TimeUnit.MILLISECONDS)
              .setMaxWorkerExecuteTime(500)
              .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
              .setWarningExceptionTime(900)
              .setBlockedThreadCheckInterval(20));

  @BeforeEach
  void watch() {
    BlockedThreads.watch(vertx, registry);
    appender.start();
    LOG.addAppender(appender);
    LOG.setAdditive(false);
    LOG.setLevel(ch.qos.logback.classic.Level.WARN);
  }

  @AfterEach
  void leave() throws Exception {
    LOG.detachAppender(appender);
    LOG.setAdditive(true);
    LOG.setLevel(null);
    go.countDown();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private double counted() {
    Counter counter = registry.get("rollcall.eventloop.blocked").counter();
    return counter.count();
  }

  private Void block() throws InterruptedException {
    go.await();
    return null;
  }

  @Test
  void aBlockedEventLoopIsCountedAndLoggedUntilItIsFree() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    vertx.runOnContext(
        start -> {
          try {
            block();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          free.countDown();
        });
    await().until(() -> counted() >= 1);
    assertThat(logged.get(0).getFormattedMessage())
        .matches(
            "thread vert\\.x-eventloop-thread-\\d+ has been at one task for \\d+ ms;"
                + " the limit is 500 ms");
    assertThat(logged.get(0).getThrowableProxy()).isNull();
    await().until(() -> logged.get(logged.size() - 1).getThrowableProxy() != null);
    assertThat(logged.get(logged.size() - 1).getThrowableProxy().getStackTraceElementProxyArray())
        .anyMatch(frame -> frame.getSTEAsString().contains("BlockedThreadsTest.block"));
    go.countDown();
    assertThat(free.await(10, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(60);
    double afterwards = counted();
    assertThat(afterwards).isEqualTo(logged.size());
    Thread.sleep(200);
    assertThat(counted()).isEqualTo(afterwards);
  }

  @Test
  void aBlockedWorkerIsOnlyLogged() {
    var running = vertx.executeBlocking(this::block);
    await().until(() -> !logged.isEmpty());
    assertThat(running.isComplete()).isFalse();
    assertThat(logged.get(0).getFormattedMessage()).startsWith("thread vert.x-worker-thread-");
    assertThat(counted()).isZero();
  }

  @Test
  void nothingIsCountedWhileEveryThreadAnswers() throws Exception {
    CountDownLatch done = new CountDownLatch(200);
    for (int i = 0; i < 200; i++) {
      vertx.runOnContext(start -> done.countDown());
    }
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(registry.get("rollcall.eventloop.blocked").counter().count()).isZero();
  }
}
