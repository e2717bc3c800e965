package dev.rollcall.store.postgres;

import dev.rollcall.jobs.JobNews;
import dev.rollcall.store.Published;
import dev.rollcall.users.ChangeSignal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what other nodes have committed: at once by a notification of the database, and by asking
 * twice a second whether one was missed.
 *
 * <p>Runs on a context of its own.
 */
final class PostgresNews {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNews.class);

  private static final long POLL_MILLIS = 500;

  /** What is told where a job may wait; where one was cancelled, that is its id. */
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
  private boolean closed;
  private volatile @Nullable JobNews jobNews;

  /**
   * @param wentBack is told when the database has less than was seen of it
   */
  PostgresNews(
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
          listen();
          poll();
        });
  }

  /** Takes note of a committed seq, and wakes the feed's readers where it is news. */
  void seen(long seq) {
    if (published.advance(seq)) {
      signal.fire();
    }
  }

  private void listen() {
    if (!closed) {
      connector
          .connect(context, "LISTEN " + channel + "; LISTEN " + jobs())
          .onComplete(this::listening);
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

  private void told(PgNotification news) {
    JobNews listener = jobNews;
    if (news.getChannel().equals(channel)) {
      seen(Long.parseLong(news.getPayload()));
    } else if (listener != null && news.getPayload().equals(WAITING)) {
      listener.waiting();
    } else if (listener != null) {
      listener.cancelled(Long.parseLong(news.getPayload()));
    }
  }

  /** Where it is told of jobs. */
  String jobs() {
    return channel + "_jobs";
  }

  /** Has somebody told of jobs. */
  void hear(JobNews listener) {
    jobNews = listener;
  }

  private void poll() {
    if (closed) {
      return;
    }
    long known = published.seq(); // Before it asks, so that the answer is not older.
    Future.fromCompletionStage(reads.position(), context)
        .onSuccess(
            seq -> {
              if (seq < known) {
                wentBack.run();
              } else {
                seen(seq);
              }
            })
        .onComplete(done -> context.owner().setTimer(POLL_MILLIS, timer -> poll()));
  }

  void close() {
    context.runOnContext(
        end -> {
          closed = true;
          if (connection != null) {
            connection.close();
          }
        });
  }
}
