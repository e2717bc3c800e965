package dev.rollcall.users;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A write to one user, decided inside the store's transaction. Writes with the same {@code op} are
 * applied once; a repetition gets the recorded outcome.
 */
public sealed interface UserWrite {
  /** Null for a write that is never repeated. */
  @Nullable UUID op();

  /** Null for a creation that leaves the id to the store. */
  @Nullable Long target();

  /**
   * A text that is equal for a repetition. Preconditions do not count, which are of the first try.
   */
  String content();

  /** This write with an op; itself where it can be repeated without one. */
  UserWrite under(UUID op);

  /** Creates a user; fails with {@code CONFLICT} when the id or the address is taken. */
  record Create(UserDraft draft, @Nullable UUID op) implements UserWrite {
    @Override
    public @Nullable Long target() {
      return draft.id();
    }

    @Override
    public String content() {
      return "create " + draft;
    }

    @Override
    public UserWrite under(UUID other) {
      return new Create(draft, other);
    }
  }

  /** Creates or replaces the user with this id; the draft's own id is not looked at. */
  record Put(long id, UserDraft draft, Precondition precondition, @Nullable UUID op)
      implements UserWrite {
    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "put " + id + " " + draft;
    }

    @Override
    public UserWrite under(UUID other) {
      return new Put(id, draft, precondition, other);
    }
  }

  /** Changes a user; fails with {@code NOT_FOUND}. */
  record Patch(long id, UserPatch patch, Precondition precondition, @Nullable UUID op)
      implements UserWrite {
    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "patch " + id + " " + patch.text();
    }

    @Override
    public UserWrite under(UUID other) {
      return new Patch(id, patch, precondition, other);
    }
  }

  /** Removes a user; fails with {@code NOT_FOUND}. */
  record Delete(long id, Precondition precondition, @Nullable UUID op) implements UserWrite {
    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "delete " + id;
    }

    @Override
    public UserWrite under(UUID other) {
      return new Delete(id, precondition, other);
    }
  }

  /**
   * Sets a user's password, without a trace in version, feed and ETag; fails with {@code
   * NOT_FOUND}.
   *
   * @param hash what to store
   * @param replaces only if this is what is stored; null whatever is
   */
  record SetPassword(long id, String hash, @Nullable String replaces) implements UserWrite {
    @Override
    public @Nullable UUID op() {
      return null; // Doing it twice is the same as once, and there is no change to record.
    }

    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "password " + id;
    }

    @Override
    public UserWrite under(UUID op) {
      return this;
    }

    @Override
    public String toString() {
      return "SetPassword[id=" + id + "]"; // A hash must not get into a log.
    }
  }
}
