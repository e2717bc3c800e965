package dev.rollcall.store.postgres;

import dev.rollcall.base.Futures;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.store.Backoff;
import dev.rollcall.store.Published;
import dev.rollcall.users.ChangeSignal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what other nodes have committed: by asking the database, at once when it notifies of
 * something new, and twice a second in case that was missed.
 *
 * <p>A notification is a hint and never believed, since whoever can log in to the database can send
 * any. Runs on a context of its own.
 */
final class PostgresNotifications {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifications.class);
  private static final long POLL_MILLIS = 500;

  /** A seq or the id of a job, as this program writes it. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** The payload where a job may wait; a cancelled job's payload is its id. */
  static final String WAITING = "waiting";

  private final PostgresConnector connector;
  private final PostgresReads reads;
  private final Published published;
  private final ChangeSignal signal;
  private final String channel;
  private final Runnable wentBack;
  private final Context context;
  private final Backoff backoff = new Backoff();
  private @Nullable PgConnection connection;
  private long timer = -1;

  /** Whether the database is being asked; and whether it is to be asked again thereafter. */
  private boolean asking;

  private boolean askAgain;
  private boolean closed;
  private volatile JobStore.@Nullable Listener jobListener;

  /**
   * @param wentBack is told when the database has less than was seen of it
   */
  PostgresNotifications(
      PostgresConnector connector,
      PostgresReads reads,
      Published published,
      ChangeSignal signal,
      String channel,
      Runnable wentBack) {
    this.connector = connector;
    this.reads = reads;
    this.published = published;
    this.signal = signal;
    this.channel = channel;
    this.wentBack = wentBack;
    this.context = connector.context();
  }

  void start() {
    context.runOnContext(
        begin -> {
          // A periodic timer, so that it looks again whatever goes wrong once.
          timer = context.owner().setPeriodic(POLL_MILLIS, tick -> ask());
          listen();
          ask();
        });
  }

  /** Publishes a committed seq, and wakes the feed's readers where it is new. */
  void seen(long seq) {
    if (published.advance(seq)) {
      signal.fire();
    }
  }

  private void listen() {
    if (!closed) {
      String statements = "LISTEN " + channel + "; LISTEN " + jobs();
      Futures.guarded(() -> connector.connect(context, statements)).onComplete(this::listening);
    }
  }

  private void listening(AsyncResult<PgConnection> result) {
    if (result.failed()) {
      LOG.debug("no notifications from the database", result.cause());
      backoff.failed();
      context.owner().setTimer(backoff.dueInMillis(), timer -> listen());
    } else if (closed) {
      result.result().close();
    } else {
      backoff.succeeded();
      PgConnection opened = result.result();
      connection = opened;
      opened.notificationHandler(this::told);
      opened.closeHandler(
          end -> {
            connection = null;
            // Not at once: a server that accepts and closes would keep us busy.
            backoff.failed();
            context.owner().setTimer(backoff.dueInMillis(), timer -> listen());
          });
    }
  }

  /** An exception would close the connection, and nobody would be told in time any more. */
  private void told(PgNotification news) {
    try {
      if (news.getChannel().equals(channel)) {
        heard(news.getPayload());
      } else {
        heardOfJobs(news.getPayload());
      }
    } catch (RuntimeException e) {
      LOG.error("a notification of the database came to nothing", e);
    }
  }

  private void heard(String payload) {
    if (!NUMBER.matcher(payload).matches() || Long.parseLong(payload) > published.seq()) {
      ask(); // Else it is what this node wrote itself, most likely.
    }
  }

  private void heardOfJobs(String payload) {
    JobStore.Listener listener = jobListener;
    if (listener != null && payload.equals(WAITING)) {
      listener.waiting();
    } else if (listener != null && NUMBER.matcher(payload).matches()) {
      listener.cancelled(Long.parseLong(payload));
    }
  }

  /** The channel of jobs. */
  String jobs() {
    return channel + "_jobs";
  }

  /** Sets who is told of jobs. */
  void setJobListener(JobStore.Listener listener) {
    jobListener = listener;
  }

  /** Asks for the position, by one query at a time. */
  private void ask() {
    if (closed) {
      return;
    }
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    long known = published.seq(); // Before it asks, so that the answer is not older.
    Futures.guarded(() -> Future.fromCompletionStage(reads.position(), context))
        .onComplete(position -> answered(position, known));
  }

  private void answered(AsyncResult<Long> position, long known) {
    asking = false;
    // After a failure it waits for the next time, or a database that is away would be asked on end.
    boolean again = askAgain && position.succeeded();
    askAgain = false;
    if (position.succeeded() && position.result() < known) {
      wentBack.run();
    } else if (position.succeeded()) {
      seen(position.result());
    }
    if (again) {
      ask();
    }
  }

  void close() {
    context.runOnContext(
        end -> {
          closed = true;
          context.owner().cancelTimer(timer);
          if (connection != null) {
            connection.close();
          }
        });
  }
}
