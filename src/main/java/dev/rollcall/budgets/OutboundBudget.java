package dev.rollcall.budgets;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a process may have on their way to its clients: pages that were read, answers that
 * wait to be written, and what the clients have not taken yet.
 *
 * <pre>
 *   take ──▶ a share, if there is room and nobody waits for it
 *     └────▶ waits its turn ──▶ a share
 *                 ├──▶ its client has gone: dropped
 *                 └──▶ too long: 503, unless it is patient
 * </pre>
 *
 * <p>A share is taken before something is read, for as much as that may be; is corrected once it is
 * known how much it was; and is given back when the client has taken it, or has gone. What is
 * larger than the whole passes alone. While somebody waits for room, or more is used than there is,
 * clients that have taken nothing for half of the time that one may wait are cut off, the longest
 * first: a client that does not read must not keep others from reading.
 *
 * <p>Safe for use by all threads; nothing of others is called with the lock held, which is this.
 * How many may wait is bounded by those who ask, as are requests and messages in flight, and
 * streams.
 */
public final class OutboundBudget {

  /** How often {@link #sweep} is to be called, in milliseconds. */
  public static final long SWEEP_MILLIS = 100;

  /** What a page holds before the user or the result at which it ends, in bytes. */
  private static final long PAGE = 1 << 20;

  private final long limit;
  private final long patience;
  private final long page;
  private final Counter refused;
  private final Counter cut;
  private final SizeEstimate users = new SizeEstimate();

  // Guarded by this, all three.
  private long used;
  private final Set<OutboundWaiter> waiting = new LinkedHashSet<>();
  private final Set<OutboundShare> untaken = new LinkedHashSet<>();

  /**
   * A budget of which nothing is used.
   *
   * @param limit in bytes
   * @param patience how long somebody may wait for room
   * @param userLimit how many bytes a user may have
   * @param registry where the meters named {@code rollcall.outbound.…} are kept
   */
  public OutboundBudget(long limit, Duration patience, int userLimit, MeterRegistry registry) {
    this.limit = limit;
    this.patience = patience.toNanos();
    this.page = 2 * (PAGE + userLimit); // For a while as it was read and as it is sent.
    refused =
        Counter.builder("rollcall.outbound.refused")
            .description("reads turned away since too much was on its way to clients")
            .register(registry);
    cut =
        Counter.builder("rollcall.outbound.cut")
            .description("clients cut off that took nothing while others waited for room")
            .register(registry);
    Gauge.builder("rollcall.outbound.bytes", this, OutboundBudget::used)
        .description("bytes on their way to clients")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("rollcall.outbound.waiting", this, OutboundBudget::waiting)
        .description("reads that wait until less is on its way to clients")
        .register(registry);
  }

  /** What reading a page of users, of changes or of results may take, in bytes. */
  public long page() {
    return page;
  }

  /** What reading one user takes, from what others took. */
  public SizeEstimate users() {
    return users;
  }

  /** How many bytes are on their way to clients. */
  public synchronized long used() {
    return used;
  }

  /** How many wait for room. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** Takes a share if there is room and nobody waits; else null. */
  public synchronized @Nullable OutboundShare tryTake(long bytes) {
    long fitting = Math.min(bytes, limit);
    return waiting.isEmpty() && used + fitting <= limit ? share(fitting) : null;
  }

  /** Takes a share whether there is room or not, for what is there already. */
  public synchronized OutboundShare force(long bytes) {
    return share(bytes);
  }

  private OutboundShare share(long bytes) {
    used += bytes;
    return new OutboundShare(this, bytes);
  }

  /**
   * Takes a share once there is room.
   *
   * @param client turned when it is not wanted any more
   * @param patient whether to wait for as long as it takes
   * @return completes on the caller's context; fails with {@code UNAVAILABLE} and {@code
   *     retryAfter} when that took too long, or when the client has gone
   */
  public Future<OutboundShare> take(long bytes, Cancellation client, boolean patient) {
    OutboundWaiter waiter = new OutboundWaiter(this, Math.min(bytes, limit), client, patient);
    List<OutboundWaiter> admitted;
    synchronized (this) {
      waiting.add(waiter);
      admitted = admit();
    }
    admitted.forEach(OutboundWaiter::succeed);
    client.whenCancelled(() -> leave(waiter));
    return waiter.share();
  }

  private void leave(OutboundWaiter waiter) {
    boolean left;
    List<OutboundWaiter> admitted;
    synchronized (this) {
      left = waiting.remove(waiter);
      admitted = admit();
    }
    if (left) {
      waiter.fail(OutboundWaiter.gone());
    }
    admitted.forEach(OutboundWaiter::succeed);
  }

  /** With the lock held: those for whom there is room now, which is theirs from here on. */
  List<OutboundWaiter> admit() {
    if (waiting.isEmpty()) {
      return List.of(); // As nearly always, and most answers come this way.
    }
    List<OutboundWaiter> admitted = new ArrayList<>();
    Iterator<OutboundWaiter> oldest = waiting.iterator();
    while (oldest.hasNext()) {
      OutboundWaiter waiter = oldest.next();
      if (used + waiter.bytes() > limit) {
        break;
      }
      oldest.remove();
      used += waiter.bytes();
      admitted.add(waiter);
    }
    return admitted;
  }

  /** Refuses those that have waited for too long, and makes room for the others; see above. */
  public void sweep() {
    long now = System.nanoTime();
    List<OutboundWaiter> late = new ArrayList<>();
    List<OutboundShare> stalled = new ArrayList<>();
    List<OutboundWaiter> admitted;
    synchronized (this) {
      if (waiting.isEmpty() && used <= limit) {
        return;
      }
      waiting.removeIf(waiter -> waiter.isLate(now, patience) && late.add(waiter));
      admitted = admit();
      chooseStalled(now, stalled);
    }
    refused.increment(late.size());
    late.forEach(waiter -> waiter.fail(full("")));
    admitted.forEach(OutboundWaiter::succeed);
    stalled.forEach(this::cut);
  }

  private void cut(OutboundShare stalled) {
    Runnable cutOff = stalled.cut();
    if (cutOff != null) {
      cut.increment();
      cutOff.run();
    }
  }

  private void chooseStalled(long now, List<OutboundShare> stalled) {
    long wanted = waiting.stream().mapToLong(OutboundWaiter::bytes).sum();
    long missing = Math.min(wanted, limit) - (limit - used);
    Iterator<OutboundShare> oldest = untaken.iterator();
    while (missing > 0 && oldest.hasNext()) {
      OutboundShare share = oldest.next();
      if (now - share.untakenSince() <= patience / 2) {
        break;
      }
      oldest.remove();
      stalled.add(share);
      missing -= share.bytes();
    }
  }

  /**
   * With the lock held: has a share grow, or shrink by what is below zero.
   *
   * @param held what it has; where that is all that is used it may grow at will
   * @return false, and nothing is changed, where there is no room
   */
  boolean grow(long more, long held) {
    if (more > 0 && used + more > limit && used != held) {
      refused.increment();
      return false;
    }
    used += more;
    return true;
  }

  /** With the lock held: shares of which the client takes nothing now, the longest first. */
  Set<OutboundShare> untaken() {
    return untaken;
  }

  /** Why something is refused that does not fit. */
  public static Failure full(String outcome) {
    return Failure.of(Failure.Kind.UNAVAILABLE, outcome + "too much is on its way to clients")
        .with(Failure.RETRY_AFTER, 1);
  }
}
