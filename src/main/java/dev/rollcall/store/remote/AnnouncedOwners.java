package dev.rollcall.store.remote;

import dev.rollcall.wire.Addresses.Kept;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The nodes that hold the store, and what each of them serves, as they announce it themselves. */
final class AnnouncedOwners {
  private final OwnerRegistry users = new OwnerRegistry();

  /** Those that serve more than users, which nodes of an earlier version do not. */
  private final Map<Kept, OwnerRegistry> further = new EnumMap<>(Kept.class);

  AnnouncedOwners() {
    for (Kept kept : Kept.values()) {
      further.put(kept, new OwnerRegistry());
    }
  }

  /** All of them. */
  OwnerRegistry all() {
    return users;
  }

  /** Those that say that they serve this. */
  OwnerRegistry of(Kept kept) {
    return Objects.requireNonNull(further.get(kept));
  }

  /** A node says that it is there, and what it serves. */
  void announced(String node, JsonObject announcement) {
    users.announced(node);
    further.forEach(
        (kept, owners) -> {
          if (announcement.containsKey(kept.member())) {
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
