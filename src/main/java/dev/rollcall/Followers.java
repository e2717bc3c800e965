package dev.rollcall;

import dev.rollcall.followers.cursors.CursorWatch;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.users.Users;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * What is told of changes by this process.
 *
 * @param cursors those who ask, and whose position is kept
 */
record Followers(KeptCursors cursors) {

  /**
   * Begins to look after them.
   *
   * @param undo gets the step that ends that
   */
  static Followers open(
      Vertx vertx, Storage storage, Users users, MeterRegistry registry, Undo undo) {
    CursorWatch watch = new CursorWatch(vertx, storage.cursors(), registry);
    undo.push(
        () -> {
          watch.close();
          return Future.succeededFuture();
        });
    return new Followers(new KeptCursors(storage.cursors(), users, watch));
  }
}
