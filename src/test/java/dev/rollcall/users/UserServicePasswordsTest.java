package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import dev.rollcall.credentials.Passwords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the service puts store and hashing together, with a store that others write to meanwhile. */
class UserServicePasswordsTest {

  /** Of "password". */
  private static final String WEAK = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

  private static final String NEW_HASH = "$argon2id$v=19$m=64,t=2,p=1$";

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Passwords passwords =
      new Passwords(vertx, Settings.of("credentials.memory=64KiB").credentials(), registry);
  private final Cancellation client = new Cancellation();
  private final Map<Long, User> stored = new ConcurrentHashMap<>();
  private final Map<Long, String> hashes = new ConcurrentHashMap<>();

  /** What others do to the store just before a password is written. */
  private Runnable meanwhile = () -> {};

  private final UserService users = new UserService(store(), passwords);

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  private UserStore store() {
    return (UserStore)
        Proxy.newProxyInstance(
            UserStore.class.getClassLoader(),
            new Class<?>[] {UserStore.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "present" -> null;
                  case "find" ->
                      Future.succeededFuture(Optional.ofNullable(stored.get(arguments[0])));
                  case "passwordHash" ->
                      Future.succeededFuture(Optional.ofNullable(hashes.get(arguments[0])));
                  case "write" -> write((UserWrite.SetPassword) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Future<WriteOutcome> write(UserWrite.SetPassword write) {
    try {
      meanwhile.run();
      Decision.NewCredential wanted =
          (Decision.NewCredential) Decision.on(write, stored.get(write.id()));
      if (wanted.replaces() == null || wanted.replaces().equals(hashes.get(write.id()))) {
        hashes.put(write.id(), wanted.hash());
      }
      return Future.succeededFuture(
          new WriteOutcome(WriteOutcome.Kind.UNCHANGED, wanted.current()));
    } catch (Failure e) {
      return Future.failedFuture(e);
    }
  }

  private void add(long id) {
    stored.put(id, User.of(id, "A", null, "{}", 1, Instant.EPOCH, Instant.EPOCH, id));
  }

  private boolean verify(long id, String password) {
    return await(users.verifyPassword(id, password, ClientAddress.BUS, client));
  }

  private Future<Void> set(long id, String password) {
    return users.setPassword(id, new NewPassword.Plain(password), ClientAddress.BUS, client);
  }

  private Future<Void> setHash(long id, String hash) {
    return users.setPassword(id, new NewPassword.Hashed(hash), ClientAddress.BUS, client);
  }

  private long hashed() {
    return registry.get("rollcall.credentials.hashing").timer().count();
  }

  @Test
  void aPasswordIsStoredAsANewHash() {
    add(1);
    await(set(1, "correct horse"));
    assertThat(hashes.get(1L)).startsWith(NEW_HASH);
    assertThat(verify(1, "correct horse")).isTrue();
    assertThat(verify(1, "wrong horse")).isFalse();
  }

  @Test
  void whoDoesNotExistIsToldSoBeforeAnythingIsHashed() {
    assertThat(failureOf(set(1, "correct horse")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failureOf(setHash(1, WEAK)).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(hashed()).isZero();
    assertThat(hashes).isEmpty();
  }

  @Test
  void whoIsDeletedWhileThePasswordIsHashedGetsNone() {
    add(1);
    meanwhile = () -> stored.remove(1L);
    assertThat(failureOf(set(1, "correct horse")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(hashes).isEmpty();
  }

  @Test
  void nobodyHasTheRightPasswordOfNobodyAndItCostsAsMuch() {
    add(1);
    assertThat(verify(1, "correct horse")).isFalse();
    assertThat(verify(2, "correct horse")).isFalse();
    assertThat(hashed()).isEqualTo(2);
  }

  @Test
  void aHashFromElsewhereIsStoredAsItIsAndRenewedWithTheRightPassword() {
    add(1);
    await(setHash(1, WEAK));
    assertThat(hashed()).as("importing is cheap").isZero();
    assertThat(hashes).containsEntry(1L, WEAK);
    assertThat(verify(1, "wrong horse")).isFalse();
    assertThat(hashes).containsEntry(1L, WEAK);
    assertThat(verify(1, "password")).isTrue();
    String renewed = hashes.get(1L);
    assertThat(renewed).startsWith(NEW_HASH);
    assertThat(verify(1, "password")).isTrue();
    assertThat(hashes).as("it is renewed once").containsEntry(1L, String.valueOf(renewed));
  }

  @Test
  void aHashThatCannotBeVerifiedIsNotStored() {
    add(1);
    Failure refused = failureOf(setHash(1, WEAK.replace("$04$", "$13$")));
    assertThat(refused.kind()).isEqualTo(Kind.INVALID);
    assertThat(refused.faults().get(0).pointer()).isEqualTo("/hash");
    assertThat(hashes).isEmpty();
  }

  @Test
  void aPasswordThatIsSetWhileAnOldOneIsRenewedStays() {
    add(1);
    hashes.put(1L, WEAK);
    meanwhile = () -> hashes.put(1L, "set meanwhile");
    assertThat(verify(1, "password")).isTrue();
    assertThat(hashes).containsEntry(1L, "set meanwhile");
  }

  @Test
  void aUserWhoIsDeletedWhileAHashIsRenewedStaysDeleted() {
    add(1);
    hashes.put(1L, WEAK);
    meanwhile =
        () -> {
          stored.remove(1L);
          hashes.remove(1L);
        };
    assertThat(verify(1, "password")).as("it was right when it was asked").isTrue();
    assertThat(hashes).isEmpty();
  }

  @Test
  void aRightPasswordIsRightAlsoWhenItsHashCannotBeRenewed() {
    add(1);
    hashes.put(1L, WEAK);
    meanwhile =
        () -> {
          throw Failure.of(Kind.UNAVAILABLE, "not written: the disk is full");
        };
    assertThat(verify(1, "password")).isTrue();
    assertThat(hashes).containsEntry(1L, WEAK);
  }

  @Test
  void whatItsClientHasGivenUpIsNeitherHashedNorStored() {
    add(1);
    client.cancel();
    assertThat(failureOf(set(1, "correct horse")).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(
            failureOf(users.verifyPassword(1, "correct horse", ClientAddress.BUS, client)).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(hashed()).isZero();
    assertThat(hashes).isEmpty();
  }
}
