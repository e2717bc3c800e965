package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.StoreHarness.Limits;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link UserStore} is tested with: a store, and short words for what is done to it.
 *
 * <p>The contract's parts extend this class and know the port alone. A store comes under the
 * contract by extending each part with its {@link #harness}.
 */
public abstract class UserStoreContract {

  protected static final Precondition NONE = Precondition.NONE;

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private @Nullable StoreHarness harness;
  private @Nullable UserStore store;

  /** The kind of store under test, keeping its data in a folder where it needs one. */
  protected abstract StoreHarness harness(Path folder);

  @BeforeEach
  final void startStore() {
    StoreHarness fresh = harness(folder);
    harness = fresh;
    store = fresh.start(vertx, Limits.WIDE);
  }

  @AfterEach
  final void stopStore() {
    if (harness != null) {
      harness.stop();
    }
    await(vertx.close());
  }

  protected final UserStore store() {
    if (store == null) {
      throw new IllegalStateException("the store is not started");
    }
    return store;
  }

  /** Stops the store and starts it on the same data. */
  protected final void reopen() {
    reopen(Limits.WIDE);
  }

  protected final void reopen(Limits limits) {
    if (harness == null) {
      throw new IllegalStateException("the store is not started");
    }
    harness.stop();
    store = harness.start(vertx, limits);
  }

  /** JSON written with single quotes, for being read. */
  protected static com.fasterxml.jackson.databind.JsonNode json(String text) {
    return StrictJson.read(text.replace('\'', '"'));
  }

  protected static UserDraft draft(String text) {
    return DraftReader.line(json(text));
  }

  protected static UserWrite creation(String text) {
    return new UserWrite.Create(draft(text), null);
  }

  protected static UserWrite creation(String text, UUID op) {
    return new UserWrite.Create(draft(text), op);
  }

  protected static UserWrite putting(long id, String text) {
    return putting(id, text, NONE, null);
  }

  protected static UserWrite putting(
      long id, String text, Precondition precondition, @Nullable UUID op) {
    return new UserWrite.Put(id, DraftReader.replace(json(text), id), precondition, op);
  }

  protected static UserWrite patching(long id, String text) {
    return patching(id, text, NONE, null);
  }

  protected static UserWrite patching(
      long id, String text, Precondition precondition, @Nullable UUID op) {
    return new UserWrite.Patch(id, DraftReader.patch(json(text), id), precondition, op);
  }

  protected static UserWrite deletion(long id) {
    return new UserWrite.Delete(id, NONE, null);
  }

  protected static Precondition ifMatch(long seq) {
    return new Precondition(Set.of(seq), false, Set.of(), false);
  }

  protected static Precondition ifNoneMatch(long seq) {
    return new Precondition(null, false, Set.of(seq), false);
  }

  protected static Precondition ifExists() {
    return new Precondition(null, true, Set.of(), false);
  }

  protected static Precondition ifAbsent() {
    return new Precondition(null, false, Set.of(), true);
  }

  protected final WriteOutcome write(UserWrite write) {
    return await(store().write(write));
  }

  /** Creates a user and returns it. */
  protected final User create(String text) {
    return write(creation(text)).user();
  }

  protected final Optional<User> find(long id) {
    return await(store().find(id, new Cancellation()));
  }

  /** The user, who must exist. */
  protected final User get(long id) {
    return find(id).orElseThrow();
  }

  /** All changes behind a seq, fetched in pages. */
  protected final List<Change> changesAfter(long after) {
    List<Change> all = new ArrayList<>();
    ChangePage page = await(store().changes(after, 100, new Cancellation()));
    while (!page.items().isEmpty()) {
      all.addAll(page.items());
      page = await(store().changes(page.next(), 100, new Cancellation()));
    }
    return all;
  }

  /** All users, fetched in pages. */
  protected final List<User> everyone() {
    List<User> all = new ArrayList<>();
    boolean more = true;
    while (more) {
      long after = all.isEmpty() ? 0 : all.get(all.size() - 1).id();
      UserPage page = await(store().list(UserQuery.all(after, 100), new Cancellation()));
      all.addAll(page.items());
      more = page.more();
    }
    return all;
  }
}
