package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.store.History;
import dev.rollcall.store.StaleReadClients;
import dev.rollcall.users.Change;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No stale read over two nodes on one database: what one acknowledged, the other shows. */
@Tag("slow")
class PostgresStaleReadTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void aReadAtAnyNodeNeverShowsLessThanAnyAcknowledgedBeforeIt(long seed) throws Exception {
    PostgresServer.empty();
    Vertx vertx = Vertx.vertx();
    History history = new History();
    List<Change> feed;
    try (PostgresStore one = PostgresServer.store(vertx, PostgresServer.settings());
        PostgresStore other = PostgresServer.store(vertx, PostgresServer.settings())) {
      feed = StaleReadClients.run(seed, List.of(one, other), history);
    } finally {
      await(vertx.close());
    }
    assertThat(history.size()).isGreaterThan(StaleReadClients.CLIENTS * StaleReadClients.STEPS / 2);
    assertThat(history.faults(feed)).isEmpty();
  }
}
