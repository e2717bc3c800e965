package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LifetimeTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(15);

  private final AtomicInteger closed = new AtomicInteger();

  private Future<Void> close(String service) {
    closed.incrementAndGet();
    return Future.succeededFuture();
  }

  @Test
  void aServiceThatStartedIsClosedAtTheEnd() throws Exception {
    Lifetime<String> lifetime =
        new Lifetime<>(() -> Future.succeededFuture("service"), this::close, LONG);
    assertThat(lifetime.start()).isEqualTo("service");
    assertThat(lifetime.end()).isTrue();
    assertThat(closed).hasValue(1);
  }

  @Test
  void aFailedStartIsToldWithItsReasonAndClosesNothing() {
    IllegalStateException reason = new IllegalStateException("port taken");
    Lifetime<String> lifetime =
        new Lifetime<>(() -> Future.failedFuture(reason), this::close, LONG);
    assertThatThrownBy(lifetime::start).isInstanceOf(ExecutionException.class).hasCause(reason);
    assertThat(lifetime.end()).isFalse();
    assertThat(closed).hasValue(0);
  }

  @Test
  void anErrorThrownByTheStartIsAFailedStart() {
    Lifetime<String> lifetime =
        new Lifetime<>(
            () -> {
              throw new UnsatisfiedLinkError("no native library");
            },
            this::close,
            LONG);
    assertThatThrownBy(lifetime::start).hasCauseInstanceOf(UnsatisfiedLinkError.class);
  }

  @Test
  void anEndDuringTheStartWaitsForItAndCloses() throws Exception {
    Promise<String> starting = Promise.promise();
    Lifetime<String> lifetime = new Lifetime<>(starting::future, this::close, LONG);
    CompletableFuture<String> started = CompletableFuture.supplyAsync(() -> start(lifetime));
    CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(lifetime::end);
    assertThat(ended).isNotDone();
    starting.complete("service");
    assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(started.get(10, TimeUnit.SECONDS)).isEqualTo("service");
    assertThat(lifetime.ending()).isTrue();
    assertThat(closed).hasValue(1);
  }

  @Test
  void anEndDuringAStartThatHangsIsBounded() {
    Promise<String> never = Promise.promise();
    Lifetime<String> lifetime = new Lifetime<>(never::future, this::close, SHORT);
    assertThat(lifetime.end()).isTrue();
    assertThat(closed).hasValue(0);
  }

  @Test
  void aCloseThatHangsIsBounded() throws Exception {
    Promise<Void> never = Promise.promise();
    Lifetime<String> lifetime =
        new Lifetime<>(() -> Future.succeededFuture("service"), service -> never.future(), SHORT);
    lifetime.start();
    assertThat(lifetime.end()).isTrue();
  }

  private static String start(Lifetime<String> lifetime) {
    try {
      return lifetime.start();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
