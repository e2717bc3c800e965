package dev.rollcall.sources.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.SourceReply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that close a kept connection just as they are asked again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptConnectionTest {

  private static final SourceReply ANSWER = SourceReply.ok(Buffer.buffer(AnswerFault.json(42)));

  private final SourceLoop loop = new SourceLoop();
  private final List<Integer> askedOn = new CopyOnWriteArrayList<>();

  @AfterAll
  void stop() {
    loop.close();
  }

  /** Answers so many questions on each connection, and does something else with the next. */
  private RawUpstream after(int answers, Consumer<NetSocket> next) {
    AtomicInteger connections = new AtomicInteger();
    return new RawUpstream(
        socket -> {
          int connection = connections.incrementAndGet();
          AtomicInteger asked = new AtomicInteger();
          socket.handler(
              question -> {
                askedOn.add(connection);
                if (asked.incrementAndGet() <= answers) {
                  socket.write(AnswerFault.ok(42));
                } else {
                  next.accept(socket);
                }
              });
        });
  }

  @Test
  void isAskedOnceMoreOnANewConnection() {
    askedOn.clear();
    try (RawUpstream raw = after(1, NetSocket::close)) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      assertThat(source.get()).isEqualTo(ANSWER);
      assertThat(source.get()).isEqualTo(ANSWER);
      source.awaitIdle();
      assertThat(askedOn).containsExactly(1, 1, 2);
    }
  }

  @Test
  void isNotAskedAThirdTime() {
    askedOn.clear();
    AtomicInteger answers = new AtomicInteger();
    try (RawUpstream raw =
        new RawUpstream(
            socket ->
                socket.handler(
                    question -> {
                      if (answers.incrementAndGet() == 1) {
                        socket.write(AnswerFault.ok(42));
                      } else {
                        socket.close();
                      }
                    }))) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      assertThat(source.get()).isEqualTo(ANSWER);
      assertThat(source.get())
          .isEqualTo(SourceReply.broken("the connection broke off").whenOverloaded());
      source.awaitIdle();
      assertThat(answers).hasValue(3);
    }
  }

  @Test
  void isNotAskedAgainOnANewConnectionThatEnds() {
    askedOn.clear();
    try (RawUpstream raw = after(0, NetSocket::close)) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      assertThat(source.get())
          .isEqualTo(SourceReply.broken("the connection broke off").whenOverloaded());
      assertThat(askedOn).containsExactly(1);
    }
  }

  /** A POST may change something, so it is not sent twice. */
  @Test
  void isNotAskedAgainByPost() {
    askedOn.clear();
    try (RawUpstream raw = after(1, NetSocket::close)) {
      SourceLoop.Remote source = loop.source(raw.url("/"), "method=post");
      assertThat(source.get()).isEqualTo(ANSWER);
      assertThat(source.get())
          .isEqualTo(SourceReply.broken("the connection broke off").whenOverloaded());
      assertThat(askedOn).containsExactly(1, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200", "HTTP/1.1 102 Processing\r\n\r\n"})
  void isNotAskedAgainOnceItBeganToAnswer(String begun) {
    askedOn.clear();
    try (RawUpstream raw =
        after(1, socket -> socket.write(begun).onComplete(sent -> socket.close()))) {
      SourceLoop.Remote source = loop.source(raw.url("/"));
      assertThat(source.get()).isEqualTo(ANSWER);
      assertThat(source.get())
          .isEqualTo(SourceReply.broken("the connection broke off").whenOverloaded());
      assertThat(askedOn).containsExactly(1, 1);
    }
  }

  @Test
  void isAskedOnceMoreOverHttp2() {
    AtomicInteger asked = new AtomicInteger();
    try (FaultyUpstream2 upstream =
        new FaultyUpstream2(
            () ->
                asked.incrementAndGet() == 2
                    ? FaultyUpstream2.Fault.CONNECTION_CLOSED
                    : FaultyUpstream2.Fault.PLAIN)) {
      SourceLoop.Remote source = loop.source(upstream.url(), "http2=true");
      assertThat(source.get()).isEqualTo(ANSWER);
      assertThat(source.get()).isEqualTo(ANSWER);
      source.awaitIdle();
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void aStreamThatIsRefusedIsAskedOnceMore() {
    AtomicInteger asked = new AtomicInteger();
    try (FaultyUpstream2 upstream =
        new FaultyUpstream2(
            () ->
                asked.incrementAndGet() % 2 == 1
                    ? FaultyUpstream2.Fault.REFUSED_STREAM
                    : FaultyUpstream2.Fault.PLAIN)) {
      SourceLoop.Remote source = loop.source(upstream.url(), "http2=true", "method=post");
      assertThat(source.get()).isEqualTo(ANSWER);
      source.awaitIdle();
      assertThat(asked).hasValue(2);
    }
  }
}
