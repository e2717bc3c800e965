package dev.rollcall.store.sqlite;

import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Puts the SQLite store under the contract. */
final class SqliteHarness implements StoreHarness {

  private final Path file;
  private final long cache;
  private @Nullable SqliteStore store;

  SqliteHarness(Path folder, long cache) {
    this.file = folder.resolve("users.db");
    this.cache = cache;
  }

  @Override
  public UserStore start(Vertx vertx, Limits limits) {
    SqliteStore started =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                file, 2, 10_000, cache, limits.userLimit(), limits.keepChanges(), Long.MAX_VALUE),
            new SimpleMeterRegistry());
    store = started;
    return started;
  }

  @Override
  public void stop() {
    try {
      if (store != null) {
        store.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
