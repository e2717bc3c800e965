package dev.rollcall.http.connections;

import dev.rollcall.budgets.AddressShare;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What carries one request at a time, and what its client is to send or to read by when: a
 * connection of HTTP/1.1, or a stream of HTTP/2.
 *
 * <p>It is in one of three states. <i>Idle</i>, with a deadline for what comes next;
 * <i>awaited</i>, with a deadline for a body; or <i>at work</i>, without a deadline, when it is our
 * turn. In each of them the client must take what there is for it. Deadlines are looked at by a
 * sweep instead of by timers, of which each request would need one. Vert.x' own idle timeout can't
 * do this: it starts anew with each byte that drips in. Belongs to the event loop of its
 * connection.
 */
public abstract class ClientStream {

  private final AddressShare share;
  private final long idleTimeout;
  private long deadline;
  private @Nullable Runnable late;

  /** Whether the deadline is put off while the client takes what there is for it. */
  private boolean patient;

  /**
   * Without a deadline.
   *
   * @param share that of the client's address
   * @param idleTimeout in nanoseconds
   */
  ClientStream(AddressShare share, long idleTimeout) {
    this.share = share;
    this.idleTimeout = idleTimeout;
  }

  /** The share of the client's address. */
  public final AddressShare share() {
    return share;
  }

  /** A request has begun. */
  public abstract void begin();

  /** A request has been answered, or its client has gone. */
  public abstract void end(long now);

  /**
   * No further request is wanted behind the one that is answered now.
   *
   * @param answer the headers of its answer
   */
  public abstract void leave(MultiMap answer);

  /** Whether requests are taken no more. */
  public abstract boolean isLeaving();

  /**
   * Ends it behind the last answer: at once, or soon where the client is still sending a body that
   * nobody wants, since it might not see the answer where its writing fails.
   */
  public abstract void closeBehind(HttpServerRequest request, boolean bodyPending);

  /** Whether the client leaves more unread than should be held for it. */
  public abstract boolean leavesMuch();

  /** Whether what is written next would wait in memory, which Vert.x does not tell of it. */
  public abstract boolean isBehind();

  /** Ends it now, with whatever has not been taken. */
  public abstract void abort();

  /** Whether something waited for the client when that was looked at last. */
  abstract boolean leavesUnread();

  /** Has something run, once, when the client has not sent what it should by then. */
  public final void expect(long nanoTime, Runnable whenLate) {
    deadline = nanoTime;
    late = whenLate;
    patient = false;
  }

  /** The same within the time that may be idle, and that again while the client takes some. */
  final void expectSoon(long now, Runnable whenLate) {
    expect(now + idleTimeout, whenLate);
    patient = true;
  }

  /** What was expected has arrived: no deadline until there is a new one. */
  public final void arrived() {
    late = null;
  }

  /** Whether the deadline has passed. */
  final boolean isLate(long now) {
    if (late == null || now - deadline < 0) {
      return false;
    }
    if (patient && leavesUnread()) {
      deadline = now + idleTimeout;
      return false;
    }
    return true;
  }

  /** Runs what is to happen when the deadline has passed, where nothing has arrived since. */
  final void timeOut() {
    Runnable whenLate = late;
    late = null;
    if (whenLate != null) {
      whenLate.run();
    }
  }
}
