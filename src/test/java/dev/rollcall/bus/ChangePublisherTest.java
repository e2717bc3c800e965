package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.budgets.InboundBudgets;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.config.Settings;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Change;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.Addresses;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hints of what changed, and signs of life. */
@Tag("slow")
class ChangePublisherTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<JsonObject> hints = new CopyOnWriteArrayList<>();
  private final List<JsonObject> signs = new CopyOnWriteArrayList<>();
  private SqliteStore store;

  @BeforeEach
  void open(@TempDir Path folder) {
    store =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                folder.resolve("users.db"),
                2,
                1000,
                0,
                1 << 22,
                Duration.ofDays(1),
                Long.MAX_VALUE),
            new SimpleMeterRegistry());
    listen(Addresses.USERS_CHANGED, hints);
    listen(Addresses.USERS_OWNER, signs);
  }

  private void listen(String address, List<JsonObject> heard) {
    Awaiting.await(
        vertx
            .eventBus()
            .<Object>consumer(
                address,
                message -> {
                  if (message.body() instanceof JsonObject hint) {
                    heard.add(hint);
                  }
                })
            .completion());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    Awaiting.await(vertx.close());
  }

  private String deploy() {
    BusLimits limits =
        new BusLimits(
            Settings.of("bus.inFlightLimit=1000").bus(),
            OutboundBudgets.roomy(),
            InboundBudgets.roomy(),
            new SimpleMeterRegistry(),
            null);
    return Awaiting.await(
        vertx.deployVerticle(
            new StoreVerticle(
                store,
                store.tables().keys(),
                store.tables().cursors(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                limits,
                Duration.ZERO)));
  }

  private static UserWrite put(long id, String name) {
    return new UserWrite.Put(id, new UserDraft(null, name, null, "{}"), Precondition.NONE, null);
  }

  private static JsonObject hint(Change change) {
    return new JsonObject()
        .put("seq", change.seq())
        .put("kind", change.kind().word())
        .put("id", change.id())
        .put("version", change.version());
  }

  private List<JsonObject> feed() {
    return Awaiting.await(store.changes(0, 1000, new Cancellation())).items().stream()
        .map(ChangePublisherTest::hint)
        .toList();
  }

  @Test
  void eachChangeIsToldOnceAndInOrderWhateverItsKind() {
    deploy();
    Awaiting.await(store.write(put(1, "A")));
    Awaiting.await(store.write(put(1, "B")));
    Awaiting.await(store.write(put(1, "B")));
    Awaiting.await(store.write(new UserWrite.SetPassword(1, "hash", null)));
    Awaiting.await(store.write(new UserWrite.Delete(1, Precondition.NONE, null)));
    await().until(() -> hints.size() >= 3);
    assertThat(hints).isEqualTo(feed());
    assertThat(hints)
        .extracting(hint -> hint.getString("kind"))
        .containsExactly("created", "updated", "deleted");
  }

  @Test
  void whatChangedBeforeIsNotTold() {
    Awaiting.await(store.write(put(1, "A")));
    deploy();
    Awaiting.await(store.write(put(1, "B")));
    await().until(() -> !hints.isEmpty());
    assertThat(hints).containsExactly(feed().get(1));
  }

  @Test
  void manyChangesAtOnceAreAllToldWhereTheyAreNotTooMany() {
    deploy();
    List<UserWrite> writes = new ArrayList<>();
    for (int id = 1; id <= 400; id++) {
      writes.add(put(id, "A"));
    }
    Awaiting.await(store.writeAll(writes));
    await().until(() -> hints.size() >= 400);
    assertThat(hints).isEqualTo(feed());
  }

  @Test
  void largePagesOfTheFeedDoNotHideWhatFollows() {
    deploy();
    String large = "{\"a\":\"" + "x".repeat(600_000) + "\"}";
    List<UserWrite> writes = new ArrayList<>();
    for (int id = 1; id <= 6; id++) {
      writes.add(
          new UserWrite.Put(id, new UserDraft(null, "A", null, large), Precondition.NONE, null));
    }
    Awaiting.await(store.writeAll(writes));
    await().until(() -> hints.size() >= 6);
    assertThat(hints).extracting(hint -> hint.getInteger("id")).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void whoIsFarBehindTellsTheNewestAndGoesOnFromThere() {
    deploy();
    List<UserWrite> writes = new ArrayList<>();
    for (int id = 1; id <= 20_000; id++) {
      writes.add(put(id, "A"));
    }
    Awaiting.await(store.writeAll(writes));
    long last = store.position();
    await().until(() -> !hints.isEmpty() && newest() == last);
    assertThat(hints.size()).as("hints of 20,000 changes").isLessThan(15_000);
    assertThat(hints).extracting(hint -> hint.getLong("seq")).isSorted().doesNotHaveDuplicates();
    Awaiting.await(store.write(put(1, "B")));
    await().until(() -> newest() == store.position());
  }

  private long newest() {
    return hints.get(hints.size() - 1).getLong("seq");
  }

  @Test
  void nodesThatShareAStoreDoNotTellTheSameTwiceWhereOneHasHeardTheOther() {
    deploy();
    for (int i = 0; i < 10; i++) {
      // Another node tells of each change before ours can get to it.
      JsonObject told = new JsonObject().put("seq", store.position() + 1);
      vertx.eventBus().publish(Addresses.USERS_CHANGED, told);
      Awaiting.await(store.write(put(1, "Name " + i)));
    }
    // What nobody else tells of is told by ours, and after all that came before it.
    Awaiting.await(store.write(put(1, "The last")));
    Change last =
        Awaiting.await(store.changes(store.position() - 1, 1, new Cancellation())).items().get(0);
    await().until(() -> hints.contains(hint(last)));
    assertThat(hints)
        .extracting(hint -> hint.getLong("seq"))
        .isSorted()
        .doesNotHaveDuplicates()
        .hasSize(11);
  }

  @Test
  void nonsenseAmongHintsDisturbsNobody() {
    deploy();
    for (Object nonsense : List.of("x", 1, new JsonObject().put("seq", "1"))) {
      vertx.eventBus().publish(Addresses.USERS_CHANGED, nonsense);
    }
    hints.clear();
    Awaiting.await(store.write(put(1, "A")));
    await().until(() -> hints.contains(feed().get(0)));
  }

  @Test
  void aNodeTellsThatItIsThereAndThatItLeaves() {
    String deployment = deploy();
    await().until(() -> signs.size() >= 3);
    assertThat(signs)
        .extracting(sign -> sign.getString("node"))
        .containsOnly(signs.get(0).getString("node"));
    assertThat(signs).noneMatch(sign -> sign.containsKey("leaving"));
    Awaiting.await(vertx.undeploy(deployment));
    await().until(() -> signs.get(signs.size() - 1).containsKey("leaving"));
    int count = signs.size();
    Awaiting.await(vertx.timer(ChangePublisher.INTERVAL + 200));
    assertThat(signs).as("signs of one that has left").hasSize(count);
  }
}
