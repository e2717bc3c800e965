package dev.rollcall.credentials;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.config.CredentialsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and verifies passwords on threads of its own.
 *
 * <p>Memory is bounded: each thread keeps one work area of {@code credentials.memory}. Safe for use
 * by all threads; futures complete on the context of the caller, and fail with {@code UNAVAILABLE}
 * and {@code retryAfter} when too much waits. Work that has begun runs to its end.
 */
public final class Passwords {

  private final PasswordHasher hasher;
  private final HashingPool pool;
  private final WrongGuesses guesses;
  private final VerifiedShares verified = new VerifiedShares();

  /**
   * What a verification found.
   *
   * @param valid whether the password is right
   * @param renewed a stronger hash to be stored in place of the one that was verified; null when
   *     that one is as good as a new one
   */
  public record Verification(boolean valid, @Nullable String renewed) {
    @Override
    public String toString() {
      return "Verification[valid=" + valid + "]"; // A hash must not get into a log.
    }
  }

  public Passwords(Vertx vertx, CredentialsSettings settings, MeterRegistry registry) {
    this.hasher = new PasswordHasher((int) (settings.memory() / 1024), settings.iterations());
    this.guesses = new WrongGuesses(settings.slowdown());
    this.pool =
        new HashingPool(
            vertx,
            settings.threads(),
            settings.queue(),
            guesses,
            verified,
            new HashingMetrics(registry));
  }

  /**
   * The hash to store for a new password.
   *
   * @param address who asks, for taking turns
   * @param id whose password it becomes
   */
  public Future<String> hash(ClientAddress address, long id, String password, Cancellation client) {
    return pool.submit(
        new Share(address, id, Share.Purpose.SET), () -> hasher.hash(password), client);
  }

  /**
   * Refuses a hash from elsewhere that can't be verified here at the configured cost. Cheap.
   *
   * @throws Failure of kind {@code INVALID}, pointing at {@code /hash}
   */
  public void check(String hash) {
    hasher.check(hash);
  }

  /**
   * Verifies a password. An answer that says "wrong" comes late when there were many for that id,
   * and until then further verifications for the same id and address wait.
   *
   * @param address who asks, for taking turns
   * @param hash what is stored; null for no user, or one without a password, which takes as long
   */
  public Future<Verification> verify(
      ClientAddress address, long id, String password, @Nullable String hash, Cancellation client) {
    Share share = new Share(address, id, Share.Purpose.VERIFY);
    return pool.submit(
        share, () -> verify(id, password, hash), found -> hold(share, found), client);
  }

  private long hold(Share share, Verification found) {
    if (found.valid()) {
      verified.add(share);
      return 0;
    }
    return guesses.delayAfterAnother(share.id());
  }

  private Verification verify(long id, String password, @Nullable String hash) {
    return switch (verdict(id, password, hash)) {
      case WRONG -> new Verification(false, null);
      case RIGHT -> new Verification(true, null);
      case RIGHT_BUT_WEAK -> new Verification(true, hasher.hash(password));
    };
  }

  /** A stored hash that can't be read is no fault of the caller's. */
  private PasswordHasher.Match verdict(long id, String password, @Nullable String hash) {
    try {
      return hasher.verify(password, hash);
    } catch (RuntimeException e) {
      throw new IllegalStateException("the stored hash of user " + id + " can't be read", e);
    }
  }

  /** Takes nothing in any more, and refuses what has not begun. What has begun runs to its end. */
  public void close() {
    pool.close();
  }
}
