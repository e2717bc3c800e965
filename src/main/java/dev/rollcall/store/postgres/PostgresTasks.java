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
final class PostgresTasks {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresTasks.class);

  private static final int TRIES = 2;

  private final PostgresConnector connector;
  private final PostgresSession session;
  private final PostgresBatches batches;
  private final StoreMetrics metrics;

  PostgresTasks(
      PostgresConnector connector,
      PostgresSession session,
      PostgresBatches batches,
      StoreMetrics metrics) {
    this.connector = connector;
    this.session = session;
    this.batches = batches;
    this.metrics = metrics;
  }

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
   * @throws Failure what the work throws; or when it is not written, or its fate is open
   */
  <T> T perform(Work<T> work) {
    return repeated(
        (attempt, deadline) -> {
          PgConnection connection = session.open(deadline);
          attempt.connected = true;
          connection.query("BEGIN").execute();
          T outcome = work.run(connection, deadline);
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
            String end = outcome.isEmpty() ? "ROLLBACK" : "COMMIT";
            PostgresSession.await(connection.query(end).execute(), deadline);
            return outcome;
          }
          batches.commit(connection, users, deadline);
          return outcome;
        });
  }

  /** One try: how far it got. */
  private static final class Attempt {
    private boolean connected;
  }

  private interface Trial<T> {
    T run(Attempt attempt, Deadline deadline) throws PostgresFault;
  }

  private <T> T repeated(Trial<T> trial) {
    long start = System.nanoTime();
    Deadline deadline = Deadline.in(connector.patience());
    boolean connected = false;
    PostgresFault fault = PostgresFault.of("the database can't be reached");
    for (int i = 0; i < TRIES; i++) {
      Attempt attempt = new Attempt();
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
      } catch (RuntimeException | Error e) {
        LOG.error("the writer failed", e);
        fault = PostgresFault.of("internal error");
      }
      session.failed(fault);
      connected |= attempt.connected;
      if (!attempt.connected || !fault.cutOff()) {
        break;
      }
    }
    metrics.failed();
    throw connected ? fault.outcomeUnknown() : fault.notWritten();
  }

  private void rollBack(Deadline deadline) {
    try {
      PostgresSession.await(session.open(deadline).query("ROLLBACK").execute(), deadline);
    } catch (PostgresFault e) {
      session.failed(e);
    }
  }
}
