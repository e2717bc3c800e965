package dev.rollcall.store.remote;

import dev.rollcall.wire.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;

/** The nodes that hold the store, and what each of them serves, as they announce it themselves. */
final class AnnouncedOwners {
  private final OwnerRegistry users = new OwnerRegistry();

  /**
   * Those that serve more than users, which nodes of an earlier version do not, by the member of
   * their announcements that says so.
   */
  private final Map<String, OwnerRegistry> further =
      Map.of(
          Addresses.OWNER_OF_KEYS, new OwnerRegistry(),
          Addresses.OWNER_OF_SESSIONS, new OwnerRegistry(),
          Addresses.OWNER_OF_FOLLOWERS, new OwnerRegistry(),
          Addresses.OWNER_OF_WEBHOOKS, new OwnerRegistry(),
          Addresses.OWNER_OF_RECEIPTS, new OwnerRegistry(),
          Addresses.OWNER_OF_ERASURES, new OwnerRegistry());

  /** All of them. */
  OwnerRegistry all() {
    return users;
  }

  /** Those whose announcements have a member. */
  OwnerRegistry of(String member) {
    return Objects.requireNonNull(further.get(member));
  }

  /** A node says that it is there, and what it serves. */
  void announced(String node, JsonObject announcement) {
    users.announced(node);
    further.forEach(
        (member, owners) -> {
          if (announcement.containsKey(member)) {
            owners.announced(node);
          }
        });
  }

  /** A node says that it serves no more. */
  void left(String node) {
    users.left(node);
    further.values().forEach(owners -> owners.left(node));
  }
}
