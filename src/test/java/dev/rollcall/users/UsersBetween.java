package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users that pass everything on, for tests that put something in between. */
public class UsersBetween implements Users {

  private final Users users;

  protected UsersBetween(Users users) {
    this.users = users;
  }

  /** Nobody is at hand, so that all are asked for. */
  @Override
  public @Nullable User present(long id) {
    return null;
  }

  @Override
  public Future<User> get(long id, Cancellation client) {
    return users.get(id, client);
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
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    return users.list(query, client);
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    return users.changes(after, limit, client);
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
  public Future<Void> setPassword(
      long id, NewPassword password, ClientAddress address, Cancellation client) {
    return users.setPassword(id, password, address, client);
  }

  @Override
  public Future<Boolean> verifyPassword(
      long id, String password, ClientAddress address, Cancellation client) {
    return users.verifyPassword(id, password, address, client);
  }

  @Override
  public Future<Optional<String>> verifiedHash(
      long id, String password, ClientAddress address, Cancellation client) {
    return users.verifiedHash(id, password, address, client);
  }
}
