package dev.rollcall.followers.cursors;

import dev.rollcall.access.Principal;
import dev.rollcall.access.Scope;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.CursorStore.PutCursor;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.users.Users;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The followers whose position is kept, as callers may see and move them: their own, and those of
 * others with the scope {@code *}. Safe for use by all threads; futures complete on the context of
 * the caller.
 *
 * @param store what they are kept in
 * @param users in the same store
 * @param watch of the same store, which tells who is gone
 */
public record KeptCursors(CursorStore store, Users users, CursorWatch watch) {
  /**
   * Makes a follower, or moves one that is there.
   *
   * @param after where it is to stand; null for the newest change where it is new, and for where it
   *     stands where it is not
   * @return fails with {@code GONE} for a position that the feed has not, as reading there does,
   *     with {@code CONFLICT} for somebody else's follower and where there are too many
   */
  public Future<PutCursor> put(
      String name, @Nullable Long after, Principal by, Cancellation client) {
    WantedCursor wanted =
        new WantedCursor(
            ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE),
            name,
            after,
            users.position(),
            now(),
            by.name(),
            by.scopes().hold(Scope.ALL));
    return requireKept(after, client)
        .compose(kept -> store.putCursor(wanted))
        .onSuccess(put -> watch.seen(put.cursor()));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(System.currentTimeMillis());
  }

  /** Fails as reading behind a position would. */
  private Future<Void> requireKept(@Nullable Long position, Cancellation client) {
    return position == null
        ? Future.succeededFuture()
        : users.changes(position, 1, client).mapEmpty();
  }

  /**
   * The follower of a name.
   *
   * @return fails with {@code NOT_FOUND}, for somebody else's too: that there is one is not told
   */
  public Future<KeptCursor> find(String name, Principal by) {
    return store
        .cursor(name)
        .map(found -> found.filter(cursor -> isOf(cursor, by)).orElseThrow(KeptCursors::notFound));
  }

  /** What is told of a follower that is not there. */
  public static Failure notFound() {
    return Failure.of(Kind.NOT_FOUND, "no such follower");
  }

  private static boolean isOf(KeptCursor cursor, Principal by) {
    return by.scopes().hold(Scope.ALL) || Objects.equals(cursor.by(), by.name());
  }

  /** A caller's own followers, or all of them where it may see those. */
  public Future<List<KeptCursor>> list(Principal by) {
    return store.cursors().map(all -> all.stream().filter(each -> isOf(each, by)).toList());
  }

  /**
   * Confirms the feed up to a seq. What was confirmed before stays so: a smaller seq changes
   * nothing.
   *
   * @return the follower as it is then; fails as {@link #find}, and with {@code GONE} for a seq
   *     that the feed has not
   */
  public Future<KeptCursor> advance(String name, long seq, Principal by, Cancellation client) {
    return find(name, by)
        .compose(
            cursor ->
                seq <= cursor.position()
                    ? Future.succeededFuture(cursor)
                    : requireKept(seq, client)
                        .compose(kept -> store.advanceCursor(cursor.id(), seq, now()))
                        .map(moved -> moved.orElseThrow(KeptCursors::notFound)))
        .onSuccess(watch::seen);
  }

  /**
   * Deletes a follower; whoever waits for changes for it learns of that at once, and at other nodes
   * within a second.
   *
   * @return fails as {@link #find}
   */
  public Future<Void> delete(String name, Principal by) {
    return find(name, by)
        .compose(cursor -> store.deleteCursor(cursor.id()).onSuccess(deleted -> watch.gone(cursor)))
        .mapEmpty();
  }
}
