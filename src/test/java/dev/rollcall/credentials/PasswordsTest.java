package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.config.Settings;
import dev.rollcall.credentials.Passwords.Verification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Tag("slow")
class PasswordsTest {

  private static final ClientAddress ONE = ClientAddress.of("192.0.2.1");
  private static final ClientAddress ANOTHER = ClientAddress.of("192.0.2.2");
  private static final ClientAddress THIRD = ClientAddress.of("2001:db8::1");

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Cancellation client = new Cancellation();

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Passwords passwords(String... sets) {
    List<String> all = new ArrayList<>(List.of("credentials.memory=64KiB"));
    all.addAll(List.of(sets));
    return new Passwords(vertx, Settings.of(all.toArray(String[]::new)).credentials(), registry);
  }

  private long hashed() {
    return registry.get("rollcall.credentials.hashing").timer().count();
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("it does not end", e);
    }
  }

  private Verification verify(Passwords passwords, long id, String given, @Nullable String hash) {
    return result(passwords.verify(ONE, id, given, hash, client));
  }

  @Test
  void aPasswordIsVerifiedAgainstItsHash() {
    Passwords passwords = passwords();
    String hash = result(passwords.hash(ONE, 1, "correct horse", client));
    assertThat(hash).startsWith("$argon2id$v=19$m=64,t=2,p=1$");
    assertThat(verify(passwords, 1, "correct horse", hash)).isEqualTo(new Verification(true, null));
    assertThat(verify(passwords, 1, "wrong horse", hash)).isEqualTo(new Verification(false, null));
    assertThat(verify(passwords, 1, "correct horse", null))
        .isEqualTo(new Verification(false, null));
  }

  @Test
  void aWeakHashComesWithAStrongerOneThatNoTextShows() {
    Passwords passwords = passwords();
    String weak = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";
    Verification found = verify(passwords, 1, "password", weak);
    assertThat(found.valid()).isTrue();
    String renewed = String.valueOf(found.renewed());
    assertThat(renewed).startsWith("$argon2id$v=19$m=64,t=2,p=1$");
    assertThat(verify(passwords, 1, "password", renewed)).isEqualTo(new Verification(true, null));
    assertThat(found.toString()).doesNotContain("argon2");
    assertThat(verify(passwords, 1, "wrong horse", weak)).isEqualTo(new Verification(false, null));
  }

  @Test
  void aHashThatCannotBeVerifiedHereIsRefusedAtOnce() {
    assertThatThrownBy(
            () ->
                passwords()
                    .check(
                        "$argon2id$v=19$m=65,t=2,p=1$c29tZXNhbHQ$"
                            + "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("asks for more than m=64,t=2");
  }

  /** A caller can't mend it, and must not be told of a member that it never sent. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$6$rounds=5000$salt$hash",
        "$argon2id$v=19$m=,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cN"
      })
  void aStoredHashThatCannotBeReadIsNoFaultOfTheCaller(String stored) {
    Future<Verification> found = passwords().verify(ONE, 7, "correct horse", stored, client);
    assertThatThrownBy(() -> result(found))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the stored hash of user 7 can't be read");
  }

  @Test
  void wrongAnswersAreHeldBackAfterManyAndRightOnesNever() {
    Passwords passwords = passwords("credentials.slowdown=2s");
    String hash = result(passwords.hash(ONE, 1, "correct horse", client));
    for (int i = 0; i < 15; i++) {
      verify(passwords, 1, "wrong horse", i % 2 == 0 ? hash : null);
    }
    long start = System.nanoTime();
    List<Future<Verification>> held =
        List.of(
            passwords.verify(ONE, 1, "wrong horse", hash, client),
            passwords.verify(ANOTHER, 1, "wrong horse", null, client));
    Future<Verification> right = passwords.verify(THIRD, 1, "correct horse", hash, client);
    assertThat(result(right).valid()).isTrue();
    assertThat(verify(passwords, 2, "wrong horse", hash).valid()).isFalse();
    assertThat(held).noneMatch(Future::isComplete);
    held.forEach(answer -> assertThat(result(answer).valid()).isFalse());
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1590));
  }

  /** The answer to a right password comes at once, so that no answer means that it was wrong. */
  @Test
  void whoHangsUpGuessesNoFasterThanWhoWaits() {
    Passwords passwords = passwords("credentials.slowdown=2s");
    String hash = result(passwords.hash(ONE, 1, "correct horse", client));
    for (int i = 0; i < 15; i++) {
      verify(passwords, 1, "wrong horse", hash);
    }
    List<Cancellation> gone = new ArrayList<>();
    List<Future<Verification>> guesses = new ArrayList<>();
    long before = hashed();
    for (int i = 0; i < 8; i++) {
      Cancellation leaving = new Cancellation();
      guesses.add(passwords.verify(ONE, 1, "wrong horse", hash, leaving));
      gone.add(leaving);
      // By then the first one would have been answered, had it been right.
      verify(passwords, 100 + i, "wrong horse", hash);
    }
    gone.forEach(Cancellation::cancel);
    assertThat(hashed() - before).as("one for it, and those for the others").isEqualTo(9);
    guesses
        .subList(1, 8)
        .forEach(
            guess -> assertThatThrownBy(() -> result(guess)).hasMessageContaining("nobody waits"));
    assertThat(result(guesses.get(0)).valid()).isFalse();
  }

  @Test
  void anAnswerThatIsHeldBackHoldsNoThread() {
    Passwords passwords =
        passwords("credentials.slowdown=2s", "credentials.threads=1", "credentials.queue=1");
    String hash = result(passwords.hash(ONE, 1, "correct horse", client));
    for (int i = 0; i < 15; i++) {
      verify(passwords, 1, "wrong horse", hash);
    }
    Future<Verification> held = passwords.verify(ONE, 1, "wrong horse", hash, client);
    for (int i = 0; i < 20; i++) {
      assertThat(verify(passwords, 2, "correct horse", hash).valid()).isTrue();
    }
    assertThat(held.isComplete()).isFalse();
    assertThat(result(held).valid()).isFalse();
  }

  /** As many as 100 who each ask again at once, in a queue that holds fewer. */
  @Test
  void manyWhoGuessKeepNobodyElseFromBeingVerified() {
    Passwords passwords =
        passwords("credentials.threads=1", "credentials.queue=16", "credentials.slowdown=50ms");
    String hash = result(passwords.hash(ONE, 1, "correct horse", client));
    for (boolean sameAddress : List.of(false, true)) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger refused = new AtomicInteger();
      List<Future<Void>> guessing = new ArrayList<>();
      // Each was guessed at before: of those whom nobody has verified, the first come stay.
      verify(passwords, 999, "wrong horse", hash);
      for (int i = 0; sameAddress && i < 100; i++) {
        verify(passwords, 1000 + i, "wrong horse", hash);
      }
      for (int i = 0; i < 100; i++) {
        // Each at a user of its own from one address; or all at one from all over.
        long id = sameAddress ? 1000 + i : 999;
        ClientAddress from = sameAddress ? ONE : ClientAddress.of("198.51.100." + i);
        guessing.add(guess(passwords, from, id, hash, over, refused));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(verify(passwords, 2 + i, "correct horse", hash).valid()).isTrue();
      }
      over.set(true);
      guessing.forEach(PasswordsTest::result);
      assertThat(refused).as("the queue was full").hasValueGreaterThan(0);
    }
  }

  private Future<Void> guess(
      Passwords passwords,
      ClientAddress from,
      long id,
      String hash,
      AtomicBoolean over,
      AtomicInteger refused) {
    if (over.get()) {
      return Future.succeededFuture();
    }
    return passwords
        .verify(from, id, "wrong horse", hash, client)
        .transform(
            answer -> {
              if (answer.failed()) {
                refused.incrementAndGet();
                return vertx.timer(20).mapEmpty();
              }
              return Future.<Void>succeededFuture();
            })
        .compose(again -> guess(passwords, from, id, hash, over, refused));
  }

  @Test
  void afterTheEndNothingIsTakenIn() {
    Passwords passwords = passwords();
    passwords.close();
    assertThatThrownBy(() -> result(passwords.hash(ONE, 1, "correct horse", client)))
        .isInstanceOfSatisfying(
            Failure.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
  }
}
