package dev.rollcall.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AcceptPauseTest {

  private final EmbeddedChannel server = new EmbeddedChannel(new AcceptPause());
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(AcceptPause.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.INFO);
    server.freezeTime();
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    logger.setLevel(null);
    server.finishAndReleaseAll();
  }

  private void fail() {
    server.pipeline().fireExceptionCaught(new IOException("Too many open files"));
  }

  private void pass(long millis) {
    server.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    server.runScheduledPendingTasks();
  }

  private List<String> told() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void nothingIsAcceptedForAMomentAfterAFailureAndLongerAfterTheNextOne() {
    fail();
    assertThat(server.config().isAutoRead()).isFalse();
    pass(50);
    assertThat(server.config().isAutoRead()).isTrue();
    fail();
    pass(50);
    assertThat(server.config().isAutoRead()).isFalse();
    pass(50);
    assertThat(server.config().isAutoRead()).isTrue();
    for (int i = 0; i < 20; i++) {
      fail();
      pass(1_000);
      assertThat(server.config().isAutoRead()).isTrue();
    }
  }

  @Test
  void failuresAreToldOnceAndSoIsTheirEnd() {
    for (int i = 0; i < 1_000; i++) {
      fail();
      pass(1_000);
    }
    assertThat(told()).singleElement().asString().contains("can't accept", "Too many open files");
    pass(10_000);
    pass(10_000);
    assertThat(told()).hasSize(2).last().asString().contains("again");
    fail();
    assertThat(told()).hasSize(3);
  }

  @Test
  void otherFaultsAreLeftToOthers() {
    server.pipeline().fireExceptionCaught(new IllegalStateException("not of a socket"));
    assertThat(server.config().isAutoRead()).isTrue();
    assertThat(told()).isEmpty();
    assertThatIllegalStateException().isThrownBy(server::checkException);
  }
}
