package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of SQLite's files have in common: a folder, and stores that are opened in it. */
abstract class SqliteFiles {
  @TempDir Path folder = Path.of("");
  final Vertx vertx = Vertx.vertx();

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  final SqliteStore open(Path path) {
    return SqliteStore.open(
        vertx,
        new SqliteStore.Options(
            path, 2, 100_000, 1 << 20, 1 << 20, Duration.ofDays(30), Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }
}
