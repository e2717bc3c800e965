package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.store.History;
import dev.rollcall.store.StaleReadClients;
import dev.rollcall.users.Change;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No stale read: clients write and read a few users at once through the whole store, and the
 * checker looks at all that they saw. What each client does follows from the seed; how they meet is
 * up to the machine. {@link DelayedLoadTest} leaves nothing to the machine.
 */
@Tag("slow")
class StaleReadTest {

  private @TempDir Path folder = Path.of("");

  /** A cache of no user, of about two of the four, and of all. */
  @ParameterizedTest(name = "seed {0}, a cache of {1} bytes")
  @CsvSource({"1, 0", "2, 0", "3, 1400", "4, 1400", "5, 1400", "6, 1000000", "7, 1000000"})
  void aReadNeverShowsLessThanWasAcknowledgedBeforeIt(long seed, long cache) throws Exception {
    Vertx vertx = Vertx.vertx();
    SqliteStore.Options options =
        new SqliteStore.Options(
            folder.resolve("users.db"),
            2,
            10_000,
            cache,
            10_000,
            Duration.ofDays(30),
            Long.MAX_VALUE);
    History history = new History();
    List<Change> feed;
    try (SqliteStore store = SqliteStore.open(vertx, options, new SimpleMeterRegistry())) {
      feed = StaleReadClients.run(seed, List.of(store), history);
    } finally {
      await(vertx.close());
    }
    assertThat(history.size()).isGreaterThan(StaleReadClients.CLIENTS * StaleReadClients.STEPS / 2);
    assertThat(feed.stream().filter(c -> c.kind() == Change.Kind.DELETED)).hasSizeGreaterThan(10);
    assertThat(history.faults(feed)).isEmpty();
  }
}
