package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.credentials.Passwords;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users over a store of this process. Safe for use by all threads. */
public record UserService(UserStore store, Passwords passwords) implements Users {
  private static final Logger LOG = LoggerFactory.getLogger(UserService.class);

  @Override
  public @Nullable User present(long id) {
    return store.present(id);
  }

  @Override
  public Future<User> get(long id, Cancellation client) {
    Future<Optional<User>> user = store.find(id, client);
    return user.succeeded() ? found(user.result()) : user.compose(UserService::found);
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
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    return store.list(query, client);
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    return store.changes(after, limit, client);
  }

  @Override
  public long position() {
    return store.position();
  }

  @Override
  public ChangeSignal signal() {
    return store.signal();
  }

  @Override
  public Future<Void> setPassword(
      long id, NewPassword password, ClientAddress address, Cancellation client) {
    // Hashing is expensive, so a missing user is refused first.
    return get(id, client)
        .compose(user -> hashOf(id, password, address, client))
        .compose(hash -> store.write(new UserWrite.SetPassword(id, hash, null)))
        .mapEmpty();
  }

  private Future<String> hashOf(
      long id, NewPassword password, ClientAddress address, Cancellation client) {
    if (password instanceof NewPassword.Plain plain) {
      return passwords.hash(address, id, plain.password(), client);
    }
    String hash = ((NewPassword.Hashed) password).hash();
    try {
      passwords.check(hash);
      return Future.succeededFuture(hash);
    } catch (Failure e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<Boolean> verifyPassword(
      long id, String password, ClientAddress address, Cancellation client) {
    return verifiedHash(id, password, address, client).map(Optional::isPresent);
  }

  @Override
  public Future<Optional<String>> verifiedHash(
      long id, String password, ClientAddress address, Cancellation client) {
    return store
        .passwordHash(id, client)
        .compose(
            hash ->
                passwords
                    .verify(address, id, password, hash.orElse(null), client)
                    .compose(found -> renew(id, hash, found)));
  }

  /** Stores a stronger hash, unless another was stored meanwhile. The answer ignores failures. */
  private Future<Optional<String>> renew(
      long id, Optional<String> old, Passwords.Verification found) {
    Optional<String> verified = found.valid() ? old : Optional.empty();
    String renewed = found.renewed();
    if (renewed == null || old.isEmpty()) {
      return Future.succeededFuture(verified);
    }
    return store
        .write(new UserWrite.SetPassword(id, renewed, old.get()))
        .onFailure(fault -> LOG.warn("a hash was not renewed: {}", fault.getMessage()))
        .transform(
            done -> Future.succeededFuture(done.succeeded() ? Optional.of(renewed) : verified));
  }
}
