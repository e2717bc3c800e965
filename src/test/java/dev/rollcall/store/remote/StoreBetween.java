package dev.rollcall.store.remote;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** A store that passes everything on, for tests that put something in between. */
class StoreBetween implements UserStore {

  private final UserStore store;

  StoreBetween(UserStore store) {
    this.store = store;
  }

  @Override
  public Future<Optional<User>> find(long id, Cancellation client) {
    return store.find(id, client);
  }

  @Override
  public Future<WriteOutcome> write(UserWrite write) {
    return store.write(write);
  }

  @Override
  public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    return store.writeAll(writes);
  }

  @Override
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    return store.list(query, client);
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    return store.changes(after, limit, client);
  }

  @Override
  public Future<Optional<String>> passwordHash(long id, Cancellation client) {
    return store.passwordHash(id, client);
  }

  @Override
  public Future<Void> probe() {
    return store.probe();
  }

  @Override
  public long position() {
    return store.position();
  }

  @Override
  public ChangeSignal signal() {
    return store.signal();
  }
}
