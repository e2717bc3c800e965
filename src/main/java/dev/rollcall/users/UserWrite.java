package dev.rollcall.users;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be done to one user, to be decided inside the store's transaction.
 *
 * <p>Each carries an {@code op}: a write repeated under the same op is applied once, and answered
 * with what the first application recorded.
 */
public sealed interface UserWrite {

  /** What names this write when it is repeated; null for one that is never repeated. */
  @Nullable UUID op();

  /** The id that this write names; null for a creation that leaves it to the store. */
  @Nullable Long target();

  /**
   * What this write asks for, as text: equal for a repetition. Preconditions do not count, since
   * they speak of the time of the first try.
   */
  String content();

  /** This write under an op, so that it can be repeated; itself where it can be without one. */
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
