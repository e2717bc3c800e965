package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.Decision;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Carries out single writes within a transaction, by the same rules in every store; where the rows
 * are is the store's.
 *
 * @param <X> what the rows' place may fail with
 */
public abstract class WriteApplication<X extends Exception> {
  /**
   * 2^52, half of all ids. Below it the counter of assigned ids is above every id that was ever
   * used, since a client's own id raises it. From there on it is not raised, or a single client
   * that asks for the largest id would exhaust all ids at once; instead it skips what is in use,
   * and what was in use by a user who is deleted by now.
   */
  private static final long RAISING_BOUND = 1L << 52;

  private final int userLimit;
  private long lastSeq;
  private long nextId;

  /**
   * @param userLimit how many bytes a user may have as JSON, so that what was read can be sent back
   */
  protected WriteApplication(int userLimit) {
    this.userLimit = userLimit;
  }

  /** Goes on with the numbers that the store has. */
  protected final void goOn(long newestSeq, long nextFreeId) {
    lastSeq = newestSeq;
    nextId = nextFreeId;
  }

  /** What an earlier write under this op did; null when there was none. */
  protected abstract @Nullable RecordedWrite recorded(UUID op) throws X;

  /** The user with this id as the transaction has it so far. */
  protected abstract @Nullable User find(long id) throws X;

  /** Whether an id from {@link #RAISING_BOUND} on is in use, or was before. */
  protected abstract boolean isUsed(long id) throws X;

  /** The erasure of the user with this id that runs; null where there is none. */
  protected abstract @Nullable Long erasure(long id) throws X;

  /** An id that no user ever had. */
  private long assignId() throws X {
    while (nextId >= RAISING_BOUND && isUsed(nextId)) {
      nextId++;
    }
    if (nextId > User.MAX_ID) {
      throw Decision.noIdLeft();
    }
    return nextId++;
  }

  /** The next seq. One that is given out for a write that then fails stays unused. */
  protected final long nextSeq() {
    return ++lastSeq;
  }

  /** The newest seq that was given out. */
  public final long lastSeq() {
    return lastSeq;
  }

  /** The next id to be assigned. */
  public final long nextId() {
    return nextId;
  }

  /**
   * Adds a user whose id is free.
   *
   * @throws Failure when the address is taken
   */
  protected abstract void insert(User user) throws X;

  /**
   * Replaces a user.
   *
   * @throws Failure when the address is taken
   */
  protected abstract void update(User before, User after) throws X;

  /** Removes a user, its password, and what the feed holds of it. */
  protected abstract void delete(User user) throws X;

  /** Keeps an id above all that were assigned, whose user is deleted, from being assigned. */
  protected abstract void retire(long id) throws X;

  /** Sets a password, if {@code replaces} is null or stored; whether it did. */
  protected abstract boolean setHash(User user, String hash, @Nullable String replaces) throws X;

  /** Appends to the feed what a write left of a user. */
  protected abstract void append(Change change, @Nullable User left, UserWrite by) throws X;

  /** Whoever waits for a write, told more than once where its transaction is tried again. */
  public interface Waiter {
    void done(WriteOutcome outcome);

    void failed(Failure why);
  }

  /**
   * Carries out one write within the transaction, as {@link #apply}, and tells the waiter what came
   * of it.
   */
  public final void attempt(UserWrite write, Instant now, Waiter waiter) throws X {
    try {
      waiter.done(apply(write, now));
    } catch (Failure e) {
      waiter.failed(e);
    }
  }

  /** Carries out single writes, each for itself. */
  public final void attempt(List<PendingWrite> singles, Instant now) throws X {
    for (PendingWrite pending : singles) {
      attempt(pending.write(), now, pending);
    }
  }

  /**
   * Carries out one write within the transaction.
   *
   * @throws Failure when this write must not happen; the transaction is as before it
   */
  public final WriteOutcome apply(UserWrite write, Instant now) throws X {
    UUID op = write.op();
    RecordedWrite before = op == null ? null : recorded(op);
    if (before != null) {
      return before.outcome(write);
    }
    Long target = write.target();
    Decision decision = Decision.on(write, target == null ? null : find(target));
    if (decision instanceof Decision.Insert wanted) {
      return insert(wanted.id(), wanted.draft(), now, write);
    } else if (decision instanceof Decision.Update wanted) {
      return update(wanted, now, write);
    } else if (decision instanceof Decision.Remove wanted) {
      return remove(wanted.before(), now, write);
    } else if (decision instanceof Decision.NewCredential wanted) {
      return setPassword(wanted);
    }
    return new WriteOutcome(WriteOutcome.Kind.UNCHANGED, ((Decision.Keep) decision).current());
  }

  private WriteOutcome insert(@Nullable Long wanted, UserDraft draft, Instant now, UserWrite by)
      throws X {
    if (wanted != null) {
      requireNotErased(wanted);
    }
    long id = wanted == null ? assignId() : wanted;
    User user = User.of(id, draft, 1, now, now, nextSeq());
    requireFitting(user);
    insert(user);
    if (id < RAISING_BOUND) {
      nextId = Math.max(nextId, id + 1);
    }
    append(change(Change.Kind.CREATED, user, by), user, by);
    return new WriteOutcome(WriteOutcome.Kind.CREATED, user);
  }

  /** An id that is assigned was never used, and so is not that of a user who is being erased. */
  private void requireNotErased(long id) throws X {
    Long erasure = erasure(id);
    if (erasure != null) {
      throw Failure.of(
          Failure.Kind.CONFLICT,
          "user "
              + id
              + " is being erased, see /erasures/"
              + erasure
              + "; until that is complete"
              + " there is no user with this id");
    }
  }

  private WriteOutcome update(Decision.Update wanted, Instant now, UserWrite by) throws X {
    User user = wanted.after(nextSeq(), now);
    requireFitting(user);
    update(wanted.before(), user);
    append(change(Change.Kind.UPDATED, user, by), user, by);
    return new WriteOutcome(WriteOutcome.Kind.UPDATED, user);
  }

  private static Change change(Change.Kind kind, User user, UserWrite by) {
    String json = user.json().toString();
    return new Change(user.seq(), kind, user.id(), user.version(), user.updatedAt(), json, by.by());
  }

  private WriteOutcome remove(User before, Instant now, UserWrite by) throws X {
    delete(before);
    if (before.id() >= nextId) {
      retire(before.id());
    }
    long seq = nextSeq();
    append(
        new Change(seq, Change.Kind.DELETED, before.id(), before.version(), now, null, by.by()),
        null,
        by);
    return new WriteOutcome(WriteOutcome.Kind.DELETED, null);
  }

  private WriteOutcome setPassword(Decision.NewCredential wanted) throws X {
    User user = wanted.current();
    if (setHash(user, wanted.hash(), wanted.replaces())) {
      // It takes a seq, which no change has, so that a commit of nothing else can be told from
      // none.
      nextSeq();
    }
    return new WriteOutcome(WriteOutcome.Kind.UNCHANGED, user);
  }

  private void requireFitting(User user) {
    if (user.length() > userLimit) {
      throw Failure.of(
          Failure.Kind.TOO_LARGE, "a user may have at most " + userLimit + " bytes as JSON");
    }
  }
}
