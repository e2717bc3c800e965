package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PasswordsTest {

  private final Vertx vertx = Vertx.vertx();
  private final Cancellation client = new Cancellation();

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Passwords passwords(String... sets) {
    List<String> all = new ArrayList<>(List.of("credentials.memory=64KiB"));
    all.addAll(List.of(sets));
    return new Passwords(
        vertx, Settings.of(all.toArray(String[]::new)).credentials(), new SimpleMeterRegistry());
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("it does not end", e);
    }
  }

  private Verification verify(Passwords passwords, long id, String given, @Nullable String hash) {
    return result(passwords.verify(id, given, hash, client));
  }

  @Test
  void aPasswordIsVerifiedAgainstItsHash() {
    Passwords passwords = passwords();
    String hash = result(passwords.hash("correct horse", client));
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
    Future<Verification> found = passwords().verify(7, "correct horse", stored, client);
    assertThatThrownBy(() -> result(found))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the stored hash of user 7 can't be read");
  }

  @Test
  void wrongAnswersAreHeldBackAfterManyAndRightOnesNever() {
    Passwords passwords = passwords("credentials.slowdown=2s");
    String hash = result(passwords.hash("correct horse", client));
    for (int i = 0; i < 15; i++) {
      verify(passwords, 1, "wrong horse", i % 2 == 0 ? hash : null);
    }
    long start = System.nanoTime();
    List<Future<Verification>> held =
        List.of(
            passwords.verify(1, "wrong horse", hash, client),
            passwords.verify(1, "wrong horse", null, client));
    assertThat(verify(passwords, 1, "correct horse", hash).valid()).isTrue();
    assertThat(verify(passwords, 2, "wrong horse", hash).valid()).isFalse();
    assertThat(held).noneMatch(Future::isComplete);
    held.forEach(answer -> assertThat(result(answer).valid()).isFalse());
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1990));
  }

  @Test
  void anAnswerThatIsHeldBackHoldsNoThread() {
    Passwords passwords =
        passwords("credentials.slowdown=2s", "credentials.threads=1", "credentials.queue=1");
    String hash = result(passwords.hash("correct horse", client));
    List<Future<Verification>> held = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Future<Verification> wrong = passwords.verify(1, "wrong horse", hash, client);
      held.add(wrong);
      // Behind it in the queue, so it has been hashed when this one is right.
      assertThat(verify(passwords, 1, "correct horse", hash).valid()).isTrue();
    }
    assertThat(held).anyMatch(answer -> !answer.isComplete());
    held.forEach(answer -> assertThat(result(answer).valid()).isFalse());
  }

  @Test
  void afterTheEndNothingIsTakenIn() {
    Passwords passwords = passwords();
    passwords.close();
    assertThatThrownBy(() -> result(passwords.hash("correct horse", client)))
        .isInstanceOfSatisfying(
            Failure.class,
            refusal -> assertThat(refusal.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
  }
}
