package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.users.Awaiting;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that keep other users than this one. */
class OtherOwnersTest {

  private static final String LAST = "last";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Awaiting.await(vertx.close());
  }

  /** Whom a node notices that hears these signs, and at last one of another owner. */
  private Set<String> noticed(boolean shared, Object... signs) {
    OtherOwners owners = new OtherOwners(vertx, "this", shared);
    Awaiting.await(owners.registered());
    for (Object sign : signs) {
      vertx.eventBus().publish(Addresses.USERS_OWNER, sign);
    }
    vertx.eventBus().publish(Addresses.USERS_OWNER, sign(LAST, false));
    await().until(() -> owners.known().contains(LAST));
    Set<String> others = new HashSet<>(owners.known());
    others.remove(LAST);
    return others;
  }

  private static JsonObject sign(String node, boolean shared) {
    return new JsonObject().put("node", node).put("position", 1).put("shared", shared);
  }

  @Test
  void nodesThatShareAStoreAreNone() {
    assertThat(noticed(true, sign("a", true), sign("b", true))).isEmpty();
  }

  @Test
  void aNodeWithAStoreOfItsOwnIsOneToAllWhoHoldAStore() {
    assertThat(noticed(true, sign("a", false), sign("a", false))).containsExactly("a");
    assertThat(noticed(false, sign("a", true), sign("b", false)))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aNodeIsNoneToItselfAndNonsenseSaysNothing() {
    assertThat(
            noticed(
                false,
                sign("this", false),
                "x",
                new JsonObject(),
                new JsonObject().put("node", "a").put("shared", "no")))
        .isEmpty();
  }
}
