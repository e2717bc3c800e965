package dev.rollcall.sources.http;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.http.FaultyUpstream2.Fault;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not the final one, and those that nobody asked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterimAnswerTest {

  private static final SourceReply FOUND_42 = ok("{\"id\":42}");

  private final SourceLoop loop = new SourceLoop();

  @AfterAll
  void stop() {
    loop.close();
  }

  private static SourceReply ok(String json) {
    return SourceReply.ok(Buffer.buffer(json));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 104, 150, 199})
  void waitsForTheFinalAnswerAndKeepsTheConnection(int status) {
    String interim = "HTTP/1.1 " + status + " Wait\r\nx-load: 1\r\n\r\n";
    try (RawUpstream raw =
        new RawUpstream(
            socket ->
                socket.handler(
                    question -> {
                      socket.write(interim + interim);
                      socket.write(interim).onSuccess(sent -> socket.write(AnswerFault.ok(42)));
                    }))) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      for (int i = 0; i < 3; i++) {
        assertThat(source.get()).isEqualTo(FOUND_42);
        source.awaitIdle();
      }
      assertThat(raw.everConnected()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERIM_AT_ONCE", "INTERIM_LATE"})
  void waitsForTheFinalAnswerOverHttp2(Fault fault) {
    try (FaultyUpstream2 upstream = new FaultyUpstream2(() -> fault)) {
      SourceLoop.Remote source = loop.source(upstream.url(), "http2=true");
      assertThat(source.get()).isEqualTo(FOUND_42);
      source.awaitIdle();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INTERIM_WITHOUT_END,more than 100 interim answers",
    "INTERIM_WITH_BODY,an interim answer with a body",
    "SWITCHING,status 101",
  })
  void rejectsInterimAnswersThatLeadToNone(AnswerFault fault, String detail) {
    try (FaultyUpstream upstream = new FaultyUpstream(() -> fault)) {
      SourceLoop.Remote source = loop.source(upstream.url(), "http2=false");
      assertThat(source.get()).isEqualTo(SourceReply.rejected(detail));
      source.awaitIdle();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INTERIM_WITHOUT_END,more than 100 interim answers",
    "INTERIM_ALONE,an interim answer without a final one",
    "SWITCHING,status 101",
  })
  void rejectsInterimAnswersThatLeadToNoneOverHttp2(Fault fault, String detail) {
    try (FaultyUpstream2 upstream = new FaultyUpstream2(() -> fault)) {
      SourceLoop.Remote source = loop.source(upstream.url(), "http2=true");
      assertThat(source.get()).isEqualTo(SourceReply.rejected(detail));
      source.awaitIdle();
    }
  }

  @Test
  void anInterimAnswerDoesNotStopTheCallerFromLeaving() {
    try (RawUpstream raw =
        new RawUpstream(
            socket ->
                socket.handler(question -> socket.write("HTTP/1.1 102 Processing\r\n\r\n")))) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      Cancellation cancellation = new Cancellation();
      Future<SourceReply> reply = source.fetch(SourceLoop.request(cancellation));
      raw.awaitOpen(1);
      cancellation.cancel();
      await(reply);
      raw.awaitOpen(0);
      source.awaitIdle();
    }
  }

  /** The first question is answered twice, by what the test writes; each other one is not. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "SECOND_ANSWER",
        "SECOND_ANSWER_IN_PART",
        "SECOND_AFTER_CHUNKS",
        "SECOND_AFTER_REFUSED",
        "SECOND_AFTER_CLOSE",
        "BODY_OF_204",
        "BODY_OF_304",
        "LENGTH_TOO_SHORT",
        "CLOSE_IN_A_LIST",
        "EMPTY_LINES"
      })
  void doesNotUseAConnectionAgainThatHasMoreThanItsAnswer(AnswerFault fault) {
    Iterator<AnswerFault> faults = List.of(fault, AnswerFault.PLAIN, AnswerFault.PLAIN).iterator();
    try (FaultyUpstream upstream = new FaultyUpstream(faults::next)) {
      SourceLoop.Remote source = loop.source(upstream.url());
      source.get();
      assertThat(source.get()).isEqualTo(FOUND_42);
      assertThat(source.get()).isEqualTo(FOUND_42);
      source.awaitIdle();
    }
  }

  @Test
  void closesAnIdleConnectionOnWhichAnythingComes() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch idle = new CountDownLatch(1);
    try (RawUpstream raw =
        new RawUpstream(
            socket ->
                socket.handler(
                    question -> {
                      asked.incrementAndGet();
                      socket.write(AnswerFault.ok(42));
                      socket.closeHandler(closed -> idle.countDown());
                      loop.vertx().setTimer(50, later -> socket.write("H"));
                    }))) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      assertThat(source.get()).isEqualTo(FOUND_42);
      assertThat(idle.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(asked).hasValue(1);
    }
  }

  /**
   * The event loop learns of the first answer, is busy until the second one lies in its socket, and
   * asks the next question before it looks at its sockets again.
   */
  @Test
  void doesNotTakeWhatLiesInTheSocketAlreadyForTheNextAnswer() {
    AtomicInteger connections = new AtomicInteger();
    CountDownLatch firstRead = new CountDownLatch(1);
    CountDownLatch secondSent = new CountDownLatch(1);
    try (RawUpstream raw =
        new RawUpstream(
            socket -> twice(socket, connections.incrementAndGet(), firstRead, secondSent))) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      Future<SourceReply> next =
          source
              .fetch(SourceLoop.request(new Cancellation()))
              .compose(
                  first ->
                      loop.later(
                          () -> {
                            firstRead.countDown();
                            pass(secondSent);
                            return source.fetchHere(SourceLoop.request(new Cancellation()));
                          }));
      assertThat(await(next)).isEqualTo(FOUND_42);
      source.awaitIdle();
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void twice(
      NetSocket socket, int connection, CountDownLatch firstRead, CountDownLatch secondSent) {
    if (connection > 1) {
      socket.handler(question -> socket.write(AnswerFault.ok(42)));
      return;
    }
    socket.handler(
        question -> {
          socket.handler(another -> {});
          socket.write(AnswerFault.ok(42));
          new Thread(
                  () -> {
                    pass(firstRead);
                    // On loopback it is in the other socket once it is written.
                    socket.write(AnswerFault.ok(7)).onSuccess(written -> secondSent.countDown());
                  })
              .start();
        });
  }
}
