package dev.rollcall.base;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
 * known how much it was; and is given back when the client has taken it, or has gone. While
 * somebody waits for room, or more is used than there is, those who have taken nothing of theirs
 * for half of the time that one may wait are cut off, the longest first: a client that does not
 * read must not keep others from reading. What is larger than the whole passes alone.
 *
 * <p>Safe for use by all threads; nothing of others is called with a lock held. How many may wait
 * is bounded by those who ask, as are requests and messages in flight, and streams.
 */
public final class OutboundBudget {

  /** How often {@link #sweep} is to be called, in milliseconds. */
  public static final long SWEEP_MILLIS = 100;

  /** What a page holds before the user or the result at which it ends, in bytes. */
  private static final long PAGE = 1 << 20;

  /** What is read is held twice for a while: as it was read, and as it is sent. */
  private static final int TWICE = 2;

  private final long limit;
  private final long patience;
  private final long page;
  private final Counter refused;
  private final Counter cut;

  /** What is about users, one at a time, that are not at hand. */
  private final SizeEstimate users = new SizeEstimate();

  /** What is about views of them. */
  private final SizeEstimate views = new SizeEstimate();

  // Guarded by this, all three.
  private long used;
  private final Set<Waiter> waiting = new LinkedHashSet<>();

  /** Shares of which the client takes nothing now, the longest first. */
  private final Set<Share> untaken = new LinkedHashSet<>();

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
    this.page = TWICE * (PAGE + userLimit);
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

  /** What one view takes, from what others took. */
  public SizeEstimate views() {
    return views;
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
  public synchronized @Nullable Share tryTake(long bytes) {
    long fitting = Math.min(bytes, limit);
    return waiting.isEmpty() && used + fitting <= limit ? share(fitting) : null;
  }

  /** Takes a share whether there is room or not, for what is there already. */
  public synchronized Share force(long bytes) {
    return share(bytes);
  }

  private Share share(long bytes) {
    used += bytes;
    return new Share(bytes);
  }

  /**
   * Takes a share once there is room.
   *
   * @param client turned when it is not wanted any more
   * @param patient whether to wait for as long as it takes
   * @return completes on the caller's context; fails with {@code UNAVAILABLE} and {@code
   *     retryAfter} when that took too long, or when the client has gone
   */
  public Future<Share> take(long bytes, Cancellation client, boolean patient) {
    Waiter waiter = new Waiter(Math.min(bytes, limit), client, patient);
    List<Waiter> admitted;
    synchronized (this) {
      waiting.add(waiter);
      admitted = admit();
    }
    admitted.forEach(Waiter::tell);
    client.whenCancelled(() -> leave(waiter));
    return waiter.promise.future();
  }

  private void leave(Waiter waiter) {
    boolean left;
    List<Waiter> admitted;
    synchronized (this) {
      left = waiting.remove(waiter);
      admitted = admit();
    }
    if (left) {
      waiter.fail("nobody waits for this any more");
    }
    admitted.forEach(Waiter::tell);
  }

  /** Those for whom there is room now, each with its share. */
  private List<Waiter> admit() {
    if (waiting.isEmpty()) {
      return List.of(); // As nearly always, and most answers come this way.
    }
    List<Waiter> admitted = new ArrayList<>();
    Iterator<Waiter> oldest = waiting.iterator();
    while (oldest.hasNext()) {
      Waiter waiter = oldest.next();
      if (used + waiter.bytes > limit) {
        break;
      }
      oldest.remove();
      waiter.share = share(waiter.bytes);
      admitted.add(waiter);
    }
    return admitted;
  }

  /** Refuses those who have waited for too long, and makes room for the others; see above. */
  public void sweep() {
    long now = System.nanoTime();
    List<Waiter> late = new ArrayList<>();
    List<Share> stalled = new ArrayList<>();
    List<Waiter> admitted;
    synchronized (this) {
      if (waiting.isEmpty() && used <= limit) {
        return;
      }
      waiting.removeIf(waiter -> waiter.isLate(now) && late.add(waiter));
      admitted = admit();
      chooseStalled(now, stalled);
    }
    late.forEach(
        waiter -> {
          refused.increment();
          waiter.fail("too much is on its way to clients");
        });
    admitted.forEach(Waiter::tell);
    stalled.forEach(Share::cut);
  }

  private void chooseStalled(long now, List<Share> stalled) {
    long wanted = 0;
    for (Waiter waiter : waiting) {
      wanted += waiter.bytes;
    }
    long missing = Math.min(wanted, limit) - (limit - used);
    Iterator<Share> oldest = untaken.iterator();
    while (missing > 0 && oldest.hasNext()) {
      Share share = oldest.next();
      if (now - share.untakenSince <= patience / 2) {
        break;
      }
      oldest.remove();
      stalled.add(share);
      missing -= share.bytes;
    }
  }

  /** Why something is refused that does not fit. */
  public static Failure full(String outcome) {
    return Failure.of(Failure.Kind.UNAVAILABLE, outcome + "too much is on its way to clients")
        .with("retryAfter", 1);
  }

  /** A part of the budget, held until it is given back. */
  public final class Share {

    // Guarded by the budget, all of them.
    private long bytes;
    private long untakenSince;
    private @Nullable Runnable whenCut;

    private Share(long bytes) {
      this.bytes = bytes;
    }

    /**
     * Corrects it to what it has become.
     *
     * @return false, and nothing is changed, where there is no room for what it has grown by
     */
    public boolean resize(long size) {
      List<Waiter> admitted;
      synchronized (OutboundBudget.this) {
        long more = size - bytes;
        boolean alone = used == bytes;
        if (more > 0 && used + more > limit && !alone) {
          refused.increment();
          return false;
        }
        used += more;
        bytes = size;
        admitted = more < 0 ? admit() : List.of();
      }
      admitted.forEach(Waiter::tell);
      return true;
    }

    /** Takes over what another one holds, which then holds nothing. */
    public void absorb(Share other) {
      synchronized (OutboundBudget.this) {
        bytes += other.bytes;
        other.bytes = 0;
      }
    }

    /** Gives it back; may be repeated. */
    public void giveBack() {
      List<Waiter> admitted;
      synchronized (OutboundBudget.this) {
        if (bytes == 0) {
          return;
        }
        used -= bytes;
        bytes = 0;
        forgetUntaken();
        admitted = admit();
      }
      admitted.forEach(Waiter::tell);
    }

    private void forgetUntaken() {
      if (whenCut != null) {
        whenCut = null;
        untaken.remove(this);
      }
    }

    /**
     * From now on it is for the client to take it.
     *
     * @param cutOff ends the client; runs on any thread, once at most, and not after {@link #taken}
     *     or {@link #giveBack} has begun
     */
    public void untaken(Runnable cutOff) {
      synchronized (OutboundBudget.this) {
        if (bytes > 0) {
          untakenSince = System.nanoTime();
          whenCut = cutOff;
          untaken.add(this);
        }
      }
    }

    /** The client has taken some. */
    public void taken() {
      synchronized (OutboundBudget.this) {
        forgetUntaken();
      }
    }

    private void cut() {
      Runnable action;
      synchronized (OutboundBudget.this) {
        action = whenCut;
        whenCut = null;
      }
      if (action != null) {
        cut.increment();
        action.run();
      }
    }
  }

  /** Somebody who waits for room. */
  private final class Waiter {
    private final long bytes;
    private final long since = System.nanoTime();
    private final Cancellation client;
    private final boolean patient;
    private final Promise<Share> promise = Promise.promise();
    private final @Nullable Context context = Vertx.currentContext();
    private @Nullable Share share;

    Waiter(long bytes, Cancellation client, boolean patient) {
      this.bytes = bytes;
      this.client = client;
      this.patient = patient;
    }

    boolean isLate(long now) {
      return !patient && now - since > patience;
    }

    void fail(String detail) {
      run(
          () ->
              promise.tryFail(Failure.of(Failure.Kind.UNAVAILABLE, detail).with("retryAfter", 1)));
    }

    void tell() {
      run(this::complete);
    }

    private void complete() {
      Share granted = share;
      if (granted == null) {
        return;
      }
      if (client.cancelled()) {
        granted.giveBack();
        promise.tryFail(Failure.of(Failure.Kind.UNAVAILABLE, "nobody waits for this any more"));
      } else {
        promise.tryComplete(granted);
      }
    }

    private void run(Runnable action) {
      if (context == null || context == Vertx.currentContext()) {
        action.run();
      } else {
        context.runOnContext(turn -> action.run());
      }
    }
  }
}
