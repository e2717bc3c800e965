package dev.rollcall.http;

import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.Users;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The change feed as server-sent events, to one client, for as long as it listens.
 *
 * <pre>
 *            ┌────────── a full page ──────────┐
 *            ▼                                 │
 * start → reading → writing → (drained) → what came? ── part of a page → pausing → reading
 *            ▲                                 └─────── nothing → waiting
 *            └───────────── pausing ◄───────── the signal ───────────┘
 * </pre>
 *
 * <p>A {@link ChangeSignal.Follower} reads for it, a page at a time. A client that reads slowly is
 * written to slowly, so it costs one page of memory.
 */
final class ChangeStream {

  private static final int PAGE = 100;

  /** What a change takes beside its user, in bytes. */
  private static final int OVERHEAD = 500;

  private static final long COMMENT_INTERVAL = TimeUnit.SECONDS.toMillis(15);

  /**
   * How long a client waits before it reconnects, in milliseconds; and something to read at once.
   */
  private static final Buffer HELLO = Buffer.buffer("retry: 1000\n\n");

  private static final Buffer COMMENT = Buffer.buffer(":\n\n");

  private final Exchange exchange;
  private final Users users;
  private final Context context;

  private final ChangeSignal.Follower follower;
  private final PageStream<Change> pages;
  private long after;
  private boolean ending;
  private long commentTimer = -1;
  private @Nullable HttpServerResponse response;

  ChangeStream(Exchange exchange, Users users, long after) {
    this.exchange = exchange;
    this.users = users;
    this.after = after;
    this.context = Vertx.currentContext();
    this.pages = new PageStream<>(exchange, ChangeStream::size, ChangeStream::encode);
    this.follower = users.signal().follow(context, this::read);
  }

  /** Begins an answer of events. */
  static HttpServerResponse begin(Exchange exchange) {
    exchange.response().headers().set(Fields.ACCEL_BUFFERING, Fields.NO);
    return exchange.stream(Fields.EVENT_STREAM);
  }

  void start() {
    follower.read();
  }

  /** Ends the stream as a whole answer, at the latest after the read that is under way. */
  void end() {
    ending = true;
    if (response != null && !exchange.ended()) {
      response.end();
    }
  }

  /** Lets go of what it holds, once the exchange has ended. */
  void release() {
    follower.close();
    if (commentTimer >= 0) {
      context.owner().cancelTimer(commentTimer);
    }
  }

  private void read() {
    pages.read(() -> users.changes(after, PAGE, exchange.client()), this::write);
  }

  private void write(ChangePage page) {
    if (response == null) {
      establish();
    }
    after = page.next();
    pages.fit(page.items());
    pages.write(page.items(), () -> goOn(page.items().size()));
  }

  /** What it holds, as texts and as the event that is made of them. */
  private static long size(Change change) {
    String user = change.user();
    return OVERHEAD + (user == null ? 0 : 2L * user.length());
  }

  private void goOn(int read) {
    if (ending) {
      exchange.response().end();
    } else if (read == PAGE) {
      context.runOnContext(turn -> follower.read());
    } else if (read > 0) {
      follower.readSoon();
    } else {
      follower.await();
    }
  }

  private void establish() {
    HttpServerResponse stream = begin(exchange);
    response = stream;
    stream.write(HELLO);
    exchange.detach();
    commentTimer = context.owner().setPeriodic(COMMENT_INTERVAL, timer -> comment(stream));
  }

  private void comment(HttpServerResponse stream) {
    // A full queue says enough: the client will have something to read.
    if (!exchange.ended() && !stream.writeQueueFull()) {
      stream.write(COMMENT);
    }
  }

  private static void encode(Change change, Buffer events) {
    events
        .appendString("id: " + change.seq() + "\nevent: " + change.kind().word() + "\ndata: ")
        .appendBuffer(change.json())
        .appendString("\n\n");
  }
}
