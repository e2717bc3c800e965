package dev.rollcall.sources.http;

import static dev.rollcall.sources.http.AnswerFault.answer;
import static dev.rollcall.sources.http.AnswerFault.bytes;
import static dev.rollcall.sources.http.AnswerFault.chunked;
import static dev.rollcall.sources.http.AnswerFault.json;
import static dev.rollcall.sources.http.AnswerFault.ok;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * A service over HTTP/1.1 that answers {@code /q/42} with {@code {"id":42}}, with the faults of
 * {@link AnswerFault} as a seed has it. After each fault that leaves a connection open it goes on
 * answering there, so that a connection that should not be used again gives wrong answers.
 */
public final class FaultyUpstream implements AutoCloseable {

  private static final long OTHER = 1_000_000_000;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Map<AnswerFault, LongAdder> counts = new ConcurrentHashMap<>();
  private final Random random = new Random(0);
  private final Supplier<AnswerFault> faults;
  private final NetServer server;
  private final LongAdder questions = new LongAdder();

  /** One with faults of all kinds. */
  public static FaultyUpstream seeded(long seed) {
    Random random = new Random(seed);
    return new FaultyUpstream(() -> AnswerFault.pick(random));
  }

  /** One that is told what to do with each question. */
  public FaultyUpstream(Supplier<AnswerFault> faults) {
    this.faults = faults;
    server =
        vertx
            .createNetServer()
            .connectHandler(socket -> new Connection(socket).serve())
            .listen(0, "127.0.0.1")
            .await();
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/q/{id}";
  }

  /** How many questions it has read. */
  public long questions() {
    return questions.sum();
  }

  /** How often it did what. */
  public Map<AnswerFault, LongAdder> counts() {
    return counts;
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private final class Connection {
    private final NetSocket socket;
    private Buffer unread = Buffer.buffer();
    private String rest = "";
    private boolean open = true;

    Connection(NetSocket socket) {
      this.socket = socket;
    }

    void serve() {
      socket.exceptionHandler(failure -> {});
      socket.closeHandler(closed -> open = false);
      socket.handler(
          piece -> {
            unread.appendBuffer(piece);
            read();
          });
    }

    private void read() {
      while (true) {
        String text = unread.toString("ISO-8859-1");
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
          return;
        }
        String head = text.substring(0, end);
        int start = end + 4 + length(head);
        if (unread.length() < start) {
          return;
        }
        unread = unread.getBuffer(start, unread.length());
        questions.increment();
        long id = Long.parseLong(head.substring(head.indexOf("/q/") + 3, head.indexOf(" HTTP/")));
        String before = rest;
        rest = "";
        AnswerFault fault = faults.get();
        counts.computeIfAbsent(fault, none -> new LongAdder()).increment();
        give(fault, id, OTHER + id, before);
      }
    }

    private int length(String head) {
      int at = head.indexOf("content-length: ");
      return at < 0 ? 0 : Integer.parseInt(head.substring(at + 16).split("\r\n", 2)[0]);
    }

    private void say(String text) {
      if (open) {
        socket.write(bytes(text));
      }
    }

    private void later(int millis, Runnable action) {
      vertx.setTimer(1L + random.nextInt(millis), elapsed -> action.run());
    }

    private void give(AnswerFault fault, long id, long other, String before) {
      switch (fault) {
        case PLAIN -> say(before + ok(id));
        case CHUNKED -> say(before + chunked(id));
        case PIECES -> pieces(before + ok(id));
        case INTERIM_AT_ONCE ->
            say(
                before
                    + "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                    + "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 199 X\r\n\r\n"
                    + ok(id));
        case INTERIM_LATE -> {
          say(before + "HTTP/1.1 " + (102 + random.nextInt(98)) + " Processing\r\n\r\n");
          later(5, () -> say(ok(id)));
        }
        case INTERIM_WITHOUT_END ->
            say(before + "HTTP/1.1 102 Processing\r\n\r\n".repeat(300) + ok(other));
        case INTERIM_WITH_BODY ->
            say(
                before
                    + "HTTP/1.1 102 Processing\r\ncontent-length: "
                    + ok(other).length()
                    + "\r\n\r\n"
                    + ok(other)
                    + ok(id));
        case SECOND_ANSWER -> say(before + ok(id) + ok(other));
        case SECOND_ANSWER_IN_PART -> {
          int half = 1 + random.nextInt(ok(other).length() - 1);
          say(before + ok(id) + ok(other).substring(0, half));
          rest = ok(other).substring(half);
        }
        case SECOND_AFTER_CHUNKS -> say(before + chunked(id) + chunked(other));
        case SECOND_AFTER_REFUSED -> say(before + answer("503 X", "", "{}") + ok(other));
        case SECOND_AFTER_CLOSE ->
            say(before + answer("200 OK", "connection: close\r\n", json(id)) + ok(other));
        case BODY_OF_204 -> say(before + "HTTP/1.1 204 No Content\r\n\r\n" + ok(other));
        case BODY_OF_304 -> say(before + "HTTP/1.1 304 X\r\ncontent-length: 9\r\n\r\n" + ok(other));
        case LENGTH_TOO_SHORT ->
            say(before + answer("200 OK", "", json(id)) + "     \r\n" + ok(other));
        case BOTH_LENGTHS ->
            say(before + chunked(id).replace("transfer", "content-length: 4\r\ntransfer"));
        case CHUNKED_IN_HTTP_1_0 ->
            say(before + chunked(id).replace("1.1 200 OK", "1.0 200 OK\r\nconnection: keep-alive"));
        case KEPT_HTTP_1_0 ->
            say(before + ok(id).replace("1.1 200 OK", "1.0 200 OK\r\nconnection: keep-alive"));
        case CLOSE_IN_A_LIST -> {
          say(before + answer("200 OK", "connection: x, close\r\n", json(id)));
          rest = ok(other);
        }
        case SWITCHING ->
            say(before + "HTTP/1.1 101 Switching\r\nupgrade: HTTP/1.1\r\n\r\n" + ok(other));
        case REFUSED_STATUS ->
            say(before + answer((400 + random.nextInt(200)) + " X", "", json(other)));
        case REFUSED_TYPE -> say(before + ok(id).replace("application/json", "application/text"));
        case TOO_LARGE -> say(before + answer("200 OK", "", "\"" + "x".repeat(3000) + "\""));
        case TRICKLED_ERROR -> {
          String error = before + answer("500 X", "", json(other));
          say(error.substring(0, error.length() - 3));
          later(40, () -> say(error.substring(error.length() - 3)));
        }
        case LATE -> later(150, () -> say(before + ok(id)));
        case CUT -> {
          say(before + ok(id).substring(0, 30 + random.nextInt(40)));
          socket.close();
        }
        case NO_ANSWER -> {
          if (random.nextBoolean()) {
            socket.close();
          }
        }
        case EMPTY_LINES -> say(before + ok(id) + "\r\n\r\n");
      }
    }

    private void pieces(String text) {
      int at = 1 + random.nextInt(text.length() - 1);
      say(text.substring(0, at));
      later(2, () -> say(text.substring(at)));
    }
  }
}
