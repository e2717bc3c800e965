package dev.rollcall.users;

import dev.rollcall.base.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a write does to the stored user: pure rules, which a store applies in one transaction
 * between reading the row and writing it. Whether the id or the address is taken is up to the
 * store.
 */
public sealed interface Decision {
  /** A new user; an {@code id} of null is to be assigned. */
  record Insert(@Nullable Long id, UserDraft draft) implements Decision {}

  /** The user with other content. */
  record Update(User before, UserDraft content) implements Decision {
    /** The user after this update. */
    public User after(long seq, Instant now) {
      // A clock may have been set back.
      Instant at = now.isBefore(before.updatedAt()) ? before.updatedAt() : now;
      return User.of(before.id(), content, before.version() + 1, before.createdAt(), at, seq);
    }
  }

  record Keep(User current) implements Decision {}

  /** Stores a hash if {@code replaces} is null or stored; the user stays as it is. */
  record NewCredential(User current, String hash, @Nullable String replaces) implements Decision {
    @Override
    public String toString() {
      return "NewCredential[id=" + current.id() + "]"; // A hash must not get into a log.
    }
  }

  record Remove(User before) implements Decision {}

  /**
   * Decides a write.
   *
   * @param current the stored user; null where there is none, or the write names none
   * @throws Failure when the write must not happen
   */
  static Decision on(UserWrite write, @Nullable User current) {
    if (write instanceof UserWrite.Create create) {
      return create(create, current);
    } else if (write instanceof UserWrite.Put put) {
      return put(put, current);
    } else if (write instanceof UserWrite.Patch patch) {
      return patch(patch, current);
    }
    if (write instanceof UserWrite.SetPassword password) {
      User user = existing(current, Precondition.NONE);
      return new NewCredential(user, password.hash(), password.replaces());
    }
    UserWrite.Delete delete = (UserWrite.Delete) write;
    return new Remove(existing(current, delete.precondition()));
  }

  private static Decision create(UserWrite.Create create, @Nullable User current) {
    if (current != null) {
      throw idTaken();
    }
    return new Insert(create.draft().id(), create.draft());
  }

  private static Decision put(UserWrite.Put put, @Nullable User current) {
    if (!put.precondition().holds(current)) {
      throw preconditionFailed();
    }
    UserDraft draft = put.draft();
    return current == null ? new Insert(put.id(), draft) : change(current, draft);
  }

  private static Decision patch(UserWrite.Patch write, @Nullable User current) {
    User user = existing(current, write.precondition());
    return change(user, write.patch().appliedTo(user));
  }

  private static User existing(@Nullable User current, Precondition precondition) {
    if (current == null) {
      throw notFound();
    }
    if (!precondition.holds(current)) {
      throw preconditionFailed();
    }
    return current;
  }

  private static Decision change(User current, UserDraft wanted) {
    return wanted.isContentOf(current) ? new Keep(current) : new Update(current, wanted);
  }

  static Failure notFound() {
    return Failure.of(Failure.Kind.NOT_FOUND, "User not found");
  }

  static Failure idTaken() {
    return Failure.of(Failure.Kind.CONFLICT, "a user with this id exists").at("/id");
  }

  /** No id can be assigned; a client can still bring one. */
  public static Failure noIdLeft() {
    return Failure.of(Failure.Kind.CONFLICT, "no id is left to be assigned");
  }

  static Failure emailTaken() {
    return Failure.of(Failure.Kind.CONFLICT, "another user has this e-mail address").at("/email");
  }

  private static Failure preconditionFailed() {
    return Failure.of(
        Failure.Kind.PRECONDITION_FAILED, "the user is not in the state that the request asks for");
  }
}
