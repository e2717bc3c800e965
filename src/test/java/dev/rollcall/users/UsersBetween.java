package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.List;

/** Users that pass everything on, for tests that put something in between. */
public class UsersBetween implements Users {

  private final Users users;

  protected UsersBetween(Users users) {
    this.users = users;
  }

  @Override
  public Future<User> get(long id) {
    return users.get(id);
  }

  @Override
  public Future<WriteOutcome> write(UserWrite write) {
    return users.write(write);
  }

  @Override
  public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    return users.writeAll(writes);
  }

  @Override
  public Future<UserPage> list(UserQuery query) {
    return users.list(query);
  }

  @Override
  public Future<ChangePage> changes(long after, int limit) {
    return users.changes(after, limit);
  }

  @Override
  public long position() {
    return users.position();
  }

  @Override
  public ChangeSignal signal() {
    return users.signal();
  }

  @Override
  public Future<Void> setPassword(long id, NewPassword password, Cancellation client) {
    return users.setPassword(id, password, client);
  }

  @Override
  public Future<Boolean> verifyPassword(long id, String password, Cancellation client) {
    return users.verifyPassword(id, password, client);
  }
}
