package dev.rollcall.access.clients;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.HttpSettings.Rate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows those who send credentials that do not hold, by their address, so that guessing is of no
 * use: of more than 100, ten are refused a second, each up to 2 s late, and further ones with
 * {@code TOO_MANY_REQUESTS}. Nobody who sends one that holds is slowed, nor is another address. One
 * for a process, for all its ports and ways in; safe for use by all threads.
 */
public final class WrongCredentials {

  /** How many an address may send a second, and how many of them at once. */
  private static final Rate RATE = new Rate(10, 100);

  /** How long a refusal is held back at most, in nanoseconds. */
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(2);

  /** As many addresses are told apart; of more, those that were silent for longest begin anew. */
  private static final int MOST = 100_000;

  private final LongSupplier clock;
  private final Cache<ClientAddress, TokenBucket> addresses =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

  /**
   * None yet.
   *
   * @param clock in nanoseconds, as {@link System#nanoTime}
   */
  public WrongCredentials(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Counts one.
   *
   * @return how long to wait before it is refused, in milliseconds
   * @throws Failure {@code TOO_MANY_REQUESTS} where too many wait already
   */
  long count(ClientAddress address) {
    long wait = addresses.get(address, key -> new TokenBucket(RATE, clock)).take(LONGEST_WAIT);
    if (wait > LONGEST_WAIT) {
      throw Failure.of(Kind.TOO_MANY_REQUESTS, "too many credentials from this address do not hold")
          .with(Failure.RETRY_AFTER, TokenBucket.seconds(wait));
    }
    return TimeUnit.NANOSECONDS.toMillis(wait);
  }

  /**
   * What a credential led to.
   *
   * @param found fails with {@code UNAUTHORIZED} where the credential does not hold; to be called
   *     on the event loop that it completes on
   * @return the same; a refusal comes late, or is {@code TOO_MANY_REQUESTS}, where there were many
   */
  public <T> Future<T> slowDown(Future<T> found, ClientAddress address) {
    return found.succeeded() ? found : found.recover(fault -> refuse(fault, address));
  }

  private <T> Future<T> refuse(Throwable fault, ClientAddress address) {
    if (!(fault instanceof Failure failure) || failure.kind() != Kind.UNAUTHORIZED) {
      return Future.failedFuture(fault);
    }
    long wait = count(address);
    return wait == 0
        ? Future.failedFuture(fault)
        : Vertx.currentContext()
            .owner()
            .timer(wait, TimeUnit.MILLISECONDS)
            .transform(late -> Future.failedFuture(fault));
  }
}
