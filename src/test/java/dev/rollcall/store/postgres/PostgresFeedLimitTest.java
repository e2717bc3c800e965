package dev.rollcall.store.postgres;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.store.FeedLimitContract;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PostgresFeedLimitTest extends FeedLimitContract {

  private static final long LIMIT = 2 << 20;

  private final List<PostgresStore> stores = new ArrayList<>();

  @BeforeEach
  void empty() {
    PostgresServer.empty();
  }

  @Override
  protected UserStore open(long limit, Duration keep) {
    PostgresStore opened =
        PostgresStore.open(
            vertx,
            new PostgresStore.Options(PostgresServer.settings(), 2, 1000, 4 << 20, keep, limit),
            new SimpleMeterRegistry());
    stores.add(opened);
    return opened;
  }

  @Override
  protected void close() {
    stores.forEach(PostgresStore::close);
    stores.clear();
  }

  @Override
  protected long number(String sql) {
    return PostgresServer.number(PostgresServer.uri(), sql);
  }

  @Override
  protected void execute(String sql) {
    PostgresServer.execute(PostgresServer.uri(), sql);
  }

  @Override
  protected String userColumn() {
    return "user_json";
  }

  @Test
  void severalNodesCountAndPruneTogether() {
    List<UserStore> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(open(LIMIT, Duration.ofDays(30)));
    }
    for (int round = 0; round < 20; round++) {
      List<Future<?>> some = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        String attributes = "{\"a\":\"" + "x".repeat(30_000 + round) + "\"}";
        some.add(
            nodes
                .get(i % 3)
                .write(
                    new UserWrite.Put(
                        1 + i,
                        new UserDraft(null, "A", null, attributes),
                        Precondition.NONE,
                        null)));
      }
      await(Future.join(some));
    }
    String size = "SELECT sum(coalesce(octet_length(user_json), 0) + 100) FROM changes";
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> number(size) <= LIMIT);
    assertThat(number("SELECT feed_bytes FROM counters")).isEqualTo(number(size));
  }
}
