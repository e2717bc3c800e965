package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.store.Backoff;
import dev.rollcall.store.Published;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's connection, replaced after an error.
 *
 * <pre>
 *   open ── error ──▶ closed ── a pause, none at first ──▶ open
 *                       └── meanwhile each write fails at once, as not written
 * </pre>
 *
 * <p>Used by the writer's thread alone, which waits here for what the connection's own thread does,
 * never longer than until a deadline.
 */
final class PostgresSession {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

  private final PostgresConnector connector;
  private final PostgresEpoch epoch;
  private final Published published;
  private final Context context;
  private final Backoff backoff = new Backoff();
  private @Nullable PgConnection connection;
  private @Nullable PostgresFault trouble;

  PostgresSession(PostgresConnector connector, PostgresEpoch epoch, Published published) {
    this.connector = connector;
    this.epoch = epoch;
    this.published = published;
    this.context = connector.context();
  }

  /**
   * The connection, opened where there is none.
   *
   * @throws PostgresFault when that fails, or is too early to be tried again
   */
  PgConnection open(Deadline deadline) throws PostgresFault {
    if (connection != null) {
      return connection;
    }
    if (trouble != null && !backoff.due()) {
      throw trouble;
    }
    Future<PgConnection> opening =
        connector.connect(context, "SET plan_cache_mode = force_generic_plan");
    try {
      PgConnection opened = await(opening, deadline);
      // Another server may serve by now, or the database was put back meanwhile. A standby may be
      // promoted beneath a connection, so no connection to one is kept.
      if (!epoch.settle(opened, published.seq(), deadline)) {
        throw PostgresFault.readOnly();
      }
      backoff.succeeded();
      connection = opened;
      return opened;
    } catch (PostgresFault fault) {
      opening.onSuccess(PgConnection::close);
      backoff.failed();
      throw noted(fault);
    }
  }

  /**
   * Finds out whether the database was put back beneath the connection.
   *
   * @throws dev.rollcall.base.Failure when it can't be asked
   */
  void lookAgain(Deadline deadline) {
    try {
      epoch.settle(open(deadline), published.seq(), deadline);
    } catch (PostgresFault fault) {
      failed(fault);
      throw fault.notWritten();
    }
  }

  /** Whether it is open, as far as it is known. */
  boolean isOpen() {
    return connection != null;
  }

  /** Takes note that writing works. */
  void works() {
    if (trouble != null) {
      LOG.info("the store takes writes again");
      trouble = null;
    }
  }

  /** Gives up the connection after an error. */
  void failed(PostgresFault fault) {
    noted(fault);
    close();
  }

  private PostgresFault noted(PostgresFault fault) {
    if (trouble == null || !trouble.reason().equals(fault.reason())) {
      LOG.warn("writing failed: {}", fault.reason(), fault.getCause());
    }
    trouble = fault;
    return fault;
  }

  /** Waits until it may be of use to try again, but not past a deadline. */
  void pause(Deadline deadline) throws PostgresFault {
    try {
      TimeUnit.MILLISECONDS.sleep(
          Math.min(Math.max(20, backoff.dueInMillis()), deadline.remainingMillis()));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Waits for an answer, but not past a deadline. */
  static <T> T await(Future<T> future, Deadline deadline) throws PostgresFault {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw PostgresFault.of(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw PostgresFault.of(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static PostgresFault interrupted() {
    Thread.currentThread().interrupt();
    return PostgresFault.closing();
  }

  void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
