package dev.rollcall.http;

import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.PageStream;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.Users;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;

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
final class ChangeStream extends EventStream {

  private static final int PAGE = 100;

  /** What a change takes beside its user, in bytes. */
  private static final int OVERHEAD = 500;

  private static final long COMMENT_INTERVAL = TimeUnit.SECONDS.toMillis(15);

  private static final Buffer COMMENT = Buffer.buffer(":\n\n");

  private final Users users;
  private final ChangeSignal.Follower follower;
  private final PageStream<Change> pages;
  private long after;
  private long commentTimer = -1;

  ChangeStream(Exchange exchange, Users users, long after) {
    super(exchange);
    this.users = users;
    this.after = after;
    this.pages = new PageStream<>(exchange, ChangeStream::size, ChangeStream::encode);
    this.follower = users.signal().follow(context, this::read);
  }

  void start() {
    follower.read();
  }

  @Override
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
    if (!isEstablished()) {
      establish();
      commentTimer = context.owner().setPeriodic(COMMENT_INTERVAL, timer -> comment());
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

  private void comment() {
    // A full queue says enough: the client will have something to read.
    if (!exchange.ended() && !exchange.outgoing().isBehind()) {
      exchange.response().write(COMMENT);
    }
  }

  private static void encode(Change change, Buffer events) {
    append(events, Long.toString(change.seq()), change.kind().word(), change.json());
  }
}
