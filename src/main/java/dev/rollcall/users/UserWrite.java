package dev.rollcall.users;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A write to one user, decided inside the store's transaction. Writes with the same {@code op} are
 * applied once; a repetition gets the recorded outcome.
 *
 * <p>Each has a shorter constructor for a write of nobody in particular.
 */
public sealed interface UserWrite {
  /** Null for a write that is never repeated. */
  @Nullable UUID op();

  /** Who asked for it, as its change will say; null where nobody had to say who he is. */
  @Nullable String by();

  /** Null for a creation that leaves the id to the store. */
  @Nullable Long target();

  /**
   * A text that is equal for a repetition. Preconditions do not count, which are of the first try.
   */
  String content();

  /** How many characters of a user's attributes it brings. */
  default int size() {
    return 0;
  }

  /** This write with an op and a caller; itself where no change has either. */
  UserWrite with(@Nullable UUID op, @Nullable String by);

  /** This write with an op; itself where it can be repeated without one. */
  default UserWrite under(UUID op) {
    return with(op, by());
  }

  /** This write as that of a caller; itself where no change says whose it is. */
  default UserWrite from(@Nullable String by) {
    return with(op(), by);
  }

  /** Creates a user; fails with {@code CONFLICT} when the id or the address is taken. */
  record Create(UserDraft draft, @Nullable UUID op, @Nullable String by) implements UserWrite {
    public Create(UserDraft draft, @Nullable UUID op) {
      this(draft, op, null);
    }

    @Override
    public @Nullable Long target() {
      return draft.id();
    }

    @Override
    public String content() {
      return "create " + draft;
    }

    @Override
    public int size() {
      return draft.attributes().length();
    }

    @Override
    public UserWrite with(@Nullable UUID other, @Nullable String caller) {
      return new Create(draft, other, caller);
    }
  }

  /** Creates or replaces the user with this id; the draft's own id is not looked at. */
  record Put(
      long id, UserDraft draft, Precondition precondition, @Nullable UUID op, @Nullable String by)
      implements UserWrite {
    public Put(long id, UserDraft draft, Precondition precondition, @Nullable UUID op) {
      this(id, draft, precondition, op, null);
    }

    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "put " + id + " " + draft;
    }

    @Override
    public int size() {
      return draft.attributes().length();
    }

    @Override
    public UserWrite with(@Nullable UUID other, @Nullable String caller) {
      return new Put(id, draft, precondition, other, caller);
    }
  }

  /** Changes a user; fails with {@code NOT_FOUND}. */
  record Patch(
      long id,
      UserDraft.Patch patch,
      Precondition precondition,
      @Nullable UUID op,
      @Nullable String by)
      implements UserWrite {
    public Patch(long id, UserDraft.Patch patch, Precondition precondition, @Nullable UUID op) {
      this(id, patch, precondition, op, null);
    }

    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "patch " + id + " " + patch.text();
    }

    @Override
    public int size() {
      String attributes = patch.attributes();
      return attributes == null ? 0 : attributes.length();
    }

    @Override
    public UserWrite with(@Nullable UUID other, @Nullable String caller) {
      return new Patch(id, patch, precondition, other, caller);
    }
  }

  /** Removes a user; fails with {@code NOT_FOUND}. */
  record Delete(long id, Precondition precondition, @Nullable UUID op, @Nullable String by)
      implements UserWrite {
    public Delete(long id, Precondition precondition, @Nullable UUID op) {
      this(id, precondition, op, null);
    }

    @Override
    public Long target() {
      return id;
    }

    @Override
    public String content() {
      return "delete " + id;
    }

    @Override
    public UserWrite with(@Nullable UUID other, @Nullable String caller) {
      return new Delete(id, precondition, other, caller);
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
    public @Nullable String by() {
      return null;
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
    public UserWrite with(@Nullable UUID op, @Nullable String by) {
      return this;
    }

    @Override
    public String toString() {
      return "SetPassword[id=" + id + "]"; // A hash must not get into a log.
    }
  }
}
