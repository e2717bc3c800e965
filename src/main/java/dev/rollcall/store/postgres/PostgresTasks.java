package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.store.postgres.PostgresLoad.Loaded;
import dev.rollcall.users.UserWrite;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the writer does beside batches of writes, in transactions of their own over the same
 * connection: jobs. A task whose connection is lost is done once more, which it has to bear.
 */
record PostgresTasks(
    PostgresConnector connector,
    PostgresSession session,
    PostgresBatches batches,
    StoreMetrics metrics) {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresTasks.class);
  private static final int TRIES = 2;

  /** What is done in a transaction of its own. */
  interface Work<T> {
    /** Does it. Where it throws, nothing of it stays. */
    T run(PgConnection connection, Deadline deadline) throws PostgresFault;
  }

  /** What is done together with writes of users. */
  interface WorkWithUsers<T> {
    /** Does it; where it gives nothing, nothing is written. */
    Optional<T> run(PgConnection connection, Deadline deadline, PostgresBatch users)
        throws PostgresFault;
  }

  /**
   * Does something in a transaction of its own, on the writer's thread. It may be done twice, where
   * the connection is lost meanwhile.
   *
   * @throws Failure what the work throws; {@code UNAVAILABLE} when it is not written, or its fate
   *     is open; {@code INTERNAL} when it is not written and would not be later, by a fault of ours
   */
  <T> T perform(Work<T> work) {
    return repeated(
        (attempt, deadline) -> {
          PgConnection connection = session.open(deadline);
          attempt.connected = true;
          connection.query("BEGIN").execute();
          T outcome = work.run(connection, deadline);
          attempt.committing = true;
          PostgresSession.await(connection.query("COMMIT").execute(), deadline);
          return outcome;
        });
  }

  /** Does something as {@link #perform}, with these writes of users loaded. */
  <T> Optional<T> performWith(List<UserWrite> writes, WorkWithUsers<T> work) {
    return repeated(
        (attempt, deadline) -> {
          PgConnection connection = session.open(deadline);
          attempt.connected = true;
          Loaded loaded =
              PostgresSession.await(new PostgresLoad(connection, writes).run(), deadline);
          PostgresBatch users = batches.over(connection, loaded, deadline);
          Optional<T> outcome = work.run(connection, deadline, users);
          if (outcome.isEmpty() || !users.changed()) {
            attempt.committing = outcome.isPresent();
            String end = attempt.committing ? "COMMIT" : "ROLLBACK";
            PostgresSession.await(connection.query(end).execute(), deadline);
            return outcome;
          }
          attempt.committing = true;
          batches.commit(connection, users, deadline);
          return outcome;
        });
  }

  /** One try: how far it got. */
  private static final class Execution {
    private boolean connected;

    /** Whether the COMMIT was sent, or was about to be. */
    private boolean committing;
  }

  private interface Trial<T> {
    T run(Execution attempt, Deadline deadline) throws PostgresFault;
  }

  private <T> T repeated(Trial<T> trial) {
    long start = System.nanoTime();
    Deadline deadline = Deadline.in(connector.patience());
    boolean committing = false;
    PostgresFault fault = PostgresFault.lost("the database can't be reached");
    for (int i = 0; i < TRIES; i++) {
      Execution attempt = new Execution();
      try {
        T outcome = trial.run(attempt, deadline);
        session.works();
        metrics.committed(System.nanoTime() - start, 1);
        return outcome;
      } catch (PostgresFault e) {
        fault = e;
      } catch (Failure e) {
        rollBack(deadline);
        throw e;
      } catch (RuntimeException e) {
        fault = PostgresFault.of(e);
      }
      boolean open = attempt.committing && !fault.refusesQuery();
      committing |= open;
      if (fault.lasts() && !open) {
        break;
      }
      session.failed(fault);
      if (!attempt.connected || !fault.cutOff()) {
        break;
      }
    }
    metrics.failed();
    throw told(fault, committing, deadline);
  }

  /**
   * What whoever waits is told. Where the task is at fault, nothing is wrong with the connection,
   * and others go on writing over it.
   */
  private Failure told(PostgresFault fault, boolean committing, Deadline deadline) {
    if (committing) {
      return fault.outcomeUnknown();
    } else if (fault.lasts()) {
      LOG.error("a task of the writer failed: {}", fault.reason(), fault.getCause());
      rollBack(deadline);
      return fault.refused();
    }
    return fault.notWritten();
  }

  private void rollBack(Deadline deadline) {
    if (!session.isOpen()) {
      return;
    }
    try {
      PostgresSession.await(session.open(deadline).query("ROLLBACK").execute(), deadline);
    } catch (PostgresFault e) {
      session.failed(e);
    }
  }
}
