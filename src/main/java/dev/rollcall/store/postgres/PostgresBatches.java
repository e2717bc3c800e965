package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.store.FeedSize;
import dev.rollcall.store.Published;
import dev.rollcall.store.postgres.PostgresLoad.Loaded;
import io.vertx.pgclient.PgConnection;

/**
 * Where writes of users are decided and committed, be it by themselves or together with something
 * else. Used by the writer's thread.
 *
 * @param channel where commits are announced to all nodes
 * @param userLimit how many bytes a user may have as JSON
 * @param published is told of each commit
 * @param size is told of the feed's size
 */
record PostgresBatches(String channel, int userLimit, Published published, FeedSize size) {
  /** A batch over what was loaded for its writes. */
  PostgresBatch over(PgConnection connection, Loaded loaded, Deadline deadline)
      throws PostgresFault {
    if (loaded.lastSeq() < published.seq()) {
      // A pooler may have led the same connection to another server. It is looked at when it is
      // opened anew.
      throw PostgresFault.lost("the database went back to an earlier state");
    }
    size.is(loaded.feedBytes());
    return new PostgresBatch(
        userLimit,
        loaded,
        (from, count) ->
            PostgresSession.await(PostgresLoad.used(connection, from, count), deadline));
  }

  /** Writes what a batch changed and commits it; when it throws, the outcome is open. */
  void commit(PgConnection connection, PostgresBatch batch, Deadline deadline)
      throws PostgresFault {
    PostgresSession.await(new PostgresWriteBack(connection, batch).run(channel), deadline);
    // What lies between others have written, and who knows what that was.
    boolean deletes = !batch.erased().isEmpty() || batch.since() > published.seq();
    published.advance(batch.lastSeq(), deletes);
    size.is(batch.feedBytes());
    size.appended(batch.appendedBytes());
  }
}
