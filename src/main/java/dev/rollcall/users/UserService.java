package dev.rollcall.users;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The users over a store of this process. Safe for use by all threads. */
public final class UserService implements Users {

  private final UserStore store;

  public UserService(UserStore store) {
    this.store = store;
  }

  @Override
  public Future<User> get(long id) {
    return store.find(id).compose(UserService::found);
  }

  private static Future<User> found(Optional<User> user) {
    return user.map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(Decision.notFound()));
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
  public Future<UserPage> list(UserQuery query) {
    return store.list(query);
  }

  @Override
  public Future<ChangePage> changes(long after, int limit) {
    return store.changes(after, limit);
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
