package dev.rollcall.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyHash;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.KeyStoreContract;
import dev.rollcall.access.NewKey;
import dev.rollcall.access.Scopes;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of all stores of keys, kept by PostgreSQL; and what several nodes add to it. */
@Tag("slow")
class PostgresKeysTest extends KeyStoreContract {

  @Override
  protected StoreHarness harness(Path folder) {
    return new PostgresHarness(true);
  }

  @Override
  protected KeyStore keys(UserStore store) {
    return ((PostgresStore) store).tables().keys();
  }

  @Test
  void aKeyThatIsMadeAtOneNodeWhileItsMakerIsDeletedAtAnotherDoesNotOutliveIt() {
    Vertx vertx = Vertx.vertx();
    PostgresHarness other = new PostgresHarness(false);
    KeyStore theirs = keys(other.start(vertx, StoreHarness.Limits.WIDE));
    try {
      for (int i = 0; i < 30; i++) {
        ApiKey maker = await(keys.addKey(named("maker " + i, null)));
        Future<ApiKey> made = theirs.addKey(named("made " + i, maker.principal()));
        Future<Boolean> deleted = keys.deleteKey(maker.id());
        await(made.transform(any -> deleted));
        assertThat(await(keys.allKeys())).isEmpty();
      }
    } finally {
      other.stop();
      await(vertx.close());
    }
  }

  private static NewKey named(String name, @Nullable String by) {
    return new NewKey(name, Scopes.ALL, KeyHash.of(name), Instant.EPOCH, null, by);
  }

  @Test
  void nodesThatMakeKeysAndNoteUsesAtOnceGiveNoIdTwiceAndLoseNothing() {
    Vertx vertx = Vertx.vertx();
    PostgresHarness other = new PostgresHarness(false);
    KeyStore theirs = keys(other.start(vertx, StoreHarness.Limits.WIDE));
    try {
      List<Future<ApiKey>> made = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        KeyStore at = i % 2 == 0 ? keys : theirs;
        String text = "key " + i;
        made.add(at.addKey(named(text, null)));
      }
      List<Long> ids = await(Future.all(made)).<ApiKey>list().stream().map(ApiKey::id).toList();
      assertThat(ids).doesNotHaveDuplicates();
      List<Future<Void>> noted = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        Instant at = Instant.ofEpochMilli(i);
        Map<Long, Instant> uses = ids.stream().collect(Collectors.toMap(id -> id, id -> at));
        noted.add((i % 2 == 0 ? keys : theirs).keysUsed(uses));
      }
      await(Future.all(noted));
      assertThat(await(theirs.allKeys()))
          .hasSize(40)
          .extracting(ApiKey::lastUsedAt)
          .containsOnly(Instant.ofEpochMilli(20));
    } finally {
      other.stop();
      await(vertx.close());
    }
  }
}
