package dev.rollcall.store.postgres;

import dev.rollcall.store.FeedSize;
import dev.rollcall.store.RecordedWrite;
import dev.rollcall.store.WriteApplication;
import dev.rollcall.store.postgres.PostgresLoad.Loaded;
import dev.rollcall.users.Change;
import dev.rollcall.users.Decision;
import dev.rollcall.users.User;
import dev.rollcall.users.UserWrite;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's writes, carried out in memory on what was loaded for them: each sees what the
 * earlier ones did. What is left to be written are the differences.
 *
 * <p>Used by the writer's thread.
 */
final class PostgresBatch extends WriteApplication<PostgresFault> {
  /** Tells which of some ids are or were in use, according to the database. */
  interface UsedIds {
    /** Those from an id on, some of them at least where there are any. */
    Set<Long> from(long id, int count) throws PostgresFault;
  }

  /** How many ids above the bound are looked up at once. */
  private static final int LOOKED_UP = 1000;

  /** A change that is to be appended, and the write that made it. */
  record Appended(Change change, UserWrite by) {
    private Appended erased() {
      return new Appended(
          new Change(
              change.seq(),
              change.kind(),
              change.id(),
              change.version(),
              change.at(),
              null,
              change.by()),
          by);
    }

    private RecordedWrite recorded() {
      return new RecordedWrite(
          change.kind(), change.user(), change.seq(), RecordedWrite.digest(by));
    }
  }

  private final Loaded loaded;
  private final UsedIds usedIds;
  private final Map<Long, @Nullable User> users = new HashMap<>();
  private final Map<Buffer, @Nullable Long> owners = new HashMap<>();
  private final Map<Long, @Nullable String> hashes = new HashMap<>();
  private final List<Appended> appended = new ArrayList<>();
  private final Map<UUID, Integer> appendedByOp = new HashMap<>();
  private final Set<Long> erased = new HashSet<>();
  private final Set<Long> retired = new HashSet<>();
  private final Set<Long> loggedOut = new HashSet<>();
  private Set<Long> usedAbove = Set.of();
  private long usedKnownBelow;
  private long appendedBytes = -1;

  PostgresBatch(int userLimit, Loaded loaded, UsedIds usedIds) {
    super(userLimit);
    this.loaded = loaded;
    this.usedIds = usedIds;
    goOn(loaded.lastSeq(), loaded.nextId());
  }

  @Override
  protected @Nullable RecordedWrite recorded(UUID op) {
    Integer here = appendedByOp.get(op);
    if (here != null) {
      return appended.get(here).recorded();
    }
    PostgresLoad.Op before = loaded.ops().get(op);
    if (before == null) {
      return null;
    }
    RecordedWrite write = before.write();
    return erased.contains(before.id())
        ? new RecordedWrite(write.kind(), null, write.seq(), write.content())
        : write;
  }

  @Override
  protected @Nullable User find(long id) {
    return users.containsKey(id) ? users.get(id) : loaded.users().get(id);
  }

  @Override
  protected boolean isUsed(long id) throws PostgresFault {
    if (id >= usedKnownBelow) {
      usedAbove = usedIds.from(id, LOOKED_UP);
      usedKnownBelow = id + LOOKED_UP;
    }
    return usedAbove.contains(id) || users.get(id) != null || retired.contains(id);
  }

  @Override
  protected @Nullable Long erasure(long id) {
    return loaded.erasures().get(id);
  }

  @Override
  protected void insert(User user) {
    own(user, null);
    users.put(user.id(), user);
  }

  @Override
  protected void update(User before, User after) {
    own(after, before);
    users.put(after.id(), after);
  }

  /** Takes the address for a user, and gives back the one that it had. */
  private void own(User user, @Nullable User before) {
    Buffer wanted = PostgresRows.key(user.email());
    Buffer had = before == null ? null : PostgresRows.key(before.email());
    if (Objects.equals(wanted, had)) {
      return;
    }
    if (wanted != null) {
      if (owner(wanted) != null) {
        throw Decision.emailTaken();
      }
      owners.put(wanted, user.id());
    }
    if (had != null) {
      owners.put(had, null);
    }
  }

  private @Nullable Long owner(Buffer key) {
    return owners.containsKey(key) ? owners.get(key) : loaded.owners().get(key);
  }

  @Override
  protected void delete(User user) {
    users.put(user.id(), null);
    hashes.put(user.id(), null);
    Buffer had = PostgresRows.key(user.email());
    if (had != null) {
      owners.put(had, null);
    }
    erased.add(user.id());
    loggedOut.add(user.id());
    appended.replaceAll(each -> each.change().id() == user.id() ? each.erased() : each);
  }

  @Override
  protected void retire(long id) {
    retired.add(id);
  }

  @Override
  protected boolean setHash(User user, String hash, @Nullable String replaces) {
    String stored =
        hashes.containsKey(user.id()) ? hashes.get(user.id()) : loaded.hashes().get(user.id());
    if (replaces != null && !replaces.equals(stored)) {
      return false;
    }
    hashes.put(user.id(), hash);
    if (replaces == null) {
      loggedOut.add(user.id()); // It is another password, not another hash of it.
    }
    return true;
  }

  @Override
  protected void append(Change change, @Nullable User left, UserWrite by) {
    UUID op = by.op();
    if (op != null) {
      appendedByOp.put(op, appended.size());
    }
    appended.add(new Appended(change, by));
  }

  /** The newest seq before it. */
  long since() {
    return loaded.lastSeq();
  }

  /** Whether there is anything to be written. */
  boolean changed() {
    return !appended.isEmpty() || !hashes.isEmpty();
  }

  /** The users that have other content than before, as they are now. */
  List<User> written() {
    return users.values().stream().filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  /** The ids of users that were there before and are no more. */
  List<Long> removed() {
    return users.entrySet().stream()
        .filter(user -> user.getValue() == null && loaded.users().containsKey(user.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The ids of users whose content the feed must no longer show, up to the loaded seq. */
  List<Long> erased() {
    return List.copyOf(erased);
  }

  List<Appended> appended() {
    return appended;
  }

  /** How many bytes the feed grows by; asked once all writes were carried out. */
  long appendedBytes() {
    if (appendedBytes < 0) {
      appendedBytes = appended.stream().mapToLong(each -> FeedSize.of(each.change())).sum();
    }
    return appendedBytes;
  }

  /** How many bytes the feed has then, at most: what is erased is not taken off. */
  long feedBytes() {
    return loaded.feedBytes() + appendedBytes();
  }

  /** The passwords that differ from before, by user; null for one that is gone. */
  Map<Long, @Nullable String> hashes() {
    return hashes;
  }

  /** The users whose sessions end. */
  List<Long> loggedOut() {
    return List.copyOf(loggedOut);
  }

  List<Long> retired() {
    return List.copyOf(retired);
  }
}
