package dev.rollcall.views;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.NewPassword;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users of whom each that is asked for is there, up to {@link #LAST}. They are only read. */
final class SampleUsers implements Users {

  /** The last id that has a user. */
  static final long LAST = 1_000_000;

  static final String EMAIL = "alice@example.com";

  @Override
  public @Nullable User present(long id) {
    return null;
  }

  @Override
  public Future<User> get(long id, Cancellation client) {
    if (id > LAST) {
      return Future.failedFuture(Failure.of(Kind.NOT_FOUND, "User not found"));
    }
    return Future.succeededFuture(
        User.of(id, "Alice", EMAIL, "{\"team\":{\"id\":7}}", 1, Instant.EPOCH, Instant.EPOCH, 1));
  }

  @Override
  public Future<WriteOutcome> write(UserWrite write) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return 1;
  }

  @Override
  public ChangeSignal signal() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Void> setPassword(
      long id, NewPassword password, ClientAddress address, Cancellation client) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Boolean> verifyPassword(
      long id, String password, ClientAddress address, Cancellation client) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<Optional<String>> verifiedHash(
      long id, String password, ClientAddress address, Cancellation client) {
    throw new UnsupportedOperationException();
  }
}
