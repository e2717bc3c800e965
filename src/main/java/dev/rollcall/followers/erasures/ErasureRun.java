package dev.rollcall.followers.erasures;

import dev.rollcall.base.Futures;
import dev.rollcall.followers.erasures.ErasureWork.Running;
import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries erasures out under one claim.
 *
 * <pre>
 *   asked for ── the user is deleted ──▶ this installation forgets, sources are told, followers come
 *                                        to the deletion ──▶ it forgets once more ──▶ complete
 * </pre>
 *
 * <p>What it knows beside the store is which users this installation has forgotten since the claim;
 * the next one has it forget them again. Belongs to one event loop.
 */
final class ErasureRun {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureRun.class);

  /** How many users all nodes forget at once. */
  private static final int FORGET_AT_ONCE = 4;

  /** Until something is tried again that failed within this installation. */
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int PAGE = 1000;
  private static final int SOME = 100;

  /**
   * What all runs of a process share.
   *
   * @param mayWork whether the lease lasts for more
   * @param lost runs when the claim holds no more
   */
  record Shared(
      Vertx vertx,
      UserStore users,
      ErasureStore store,
      ErasureWork work,
      Traces traces,
      List<ErasingSource> sources,
      Clock clock,
      BooleanSupplier mayWork,
      Runnable lost) {}

  /** An erasure, and how far it has come within this installation. */
  private static final class Entry {
    private final Running erasure;
    private boolean deleted;
    private boolean forgetting;
    private boolean forgotten;
    private boolean told;
    private long notBefore = System.nanoTime();

    Entry(Running erasure) {
      this.erasure = erasure;
      this.deleted = erasure.deleted();
    }

    boolean isDue() {
      return System.nanoTime() - notBefore >= 0;
    }
  }

  private final Shared shared;
  private final long epoch;
  private final SourceRounds sources;
  private final Map<Long, Entry> running = new TreeMap<>();
  private long newest;
  private int forgetting;
  private boolean turning;
  private boolean again;
  private boolean ended;

  ErasureRun(Shared shared, long epoch) {
    this.shared = shared;
    this.epoch = epoch;
    this.sources = new SourceRounds(shared, epoch, () -> ended, this::answered);
  }

  private void answered(boolean holds) {
    if (held(holds)) {
      turn();
    }
  }

  long epoch() {
    return epoch;
  }

  private Instant now() {
    return shared.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Begins nothing more. */
  void end() {
    ended = true;
  }

  /** Does what there is to be done now. */
  void turn() {
    if (turning) {
      again = true;
      return;
    }
    if (ended || !shared.mayWork().getAsBoolean()) {
      return;
    }
    turning = true;
    again = false;
    Futures.guarded(this::steps)
        .onFailure(fault -> LOG.debug("erasures wait: {}", fault.getMessage()))
        .onComplete(
            any -> {
              turning = false;
              if (again) {
                turn();
              }
            });
  }

  private Future<?> steps() {
    return news()
        .compose(known -> deletions())
        .compose(deleted -> sources.tellAll())
        .compose(told -> shared.work().followed(epoch, now()))
        .map(this::held)
        .compose(followed -> finish());
  }

  /** Whether the claim holds; without it, nothing of this run counts. */
  private boolean held(boolean holds) {
    if (!holds && !ended) {
      shared.lost().run();
    }
    return holds;
  }

  private Future<?> news() {
    return shared
        .work()
        .running(newest, PAGE)
        .compose(
            page -> {
              for (Running each : page) {
                running.put(each.id(), new Entry(each));
                newest = each.id();
              }
              return page.size() < PAGE ? Future.succeededFuture() : news();
            });
  }

  private Future<?> deletions() {
    List<Future<?>> all = new ArrayList<>();
    for (Entry entry : running.values()) {
      if (!entry.deleted && entry.isDue() && all.size() < SOME) {
        Running erasure = entry.erasure;
        all.add(
            StoredErasures.delete(
                    shared.users(), shared.store(), erasure.id(), erasure.user(), erasure.by())
                .onComplete(
                    done -> entry.deleted = true,
                    fault -> entry.notBefore = System.nanoTime() + PAUSE_NANOS));
      } else if (entry.deleted && !entry.forgotten) {
        forget(entry);
      }
    }
    return all.isEmpty()
        ? Future.succeededFuture()
        : Future.join(all).onSuccess(done -> again = true).otherwiseEmpty();
  }

  private void forget(Entry entry) {
    if (entry.forgetting || !entry.isDue() || forgetting >= FORGET_AT_ONCE) {
      return;
    }
    forgetting++;
    entry.forgetting = true;
    Futures.guarded(() -> shared.traces().forget(entry.erasure.user()))
        .onComplete(done -> entry.forgotten = true, fault -> notForgotten(entry, fault))
        .onComplete(any -> forgotten(entry));
  }

  private void forgotten(Entry entry) {
    forgetting--;
    entry.forgetting = false;
    turn();
  }

  private static void notForgotten(Entry entry, Throwable fault) {
    entry.notBefore = System.nanoTime() + PAUSE_NANOS;
    if (!entry.told) {
      entry.told = true;
      LOG.warn(
          "not all nodes have forgotten the user of erasure {}: {}",
          entry.erasure.id(),
          fault.getMessage());
    }
  }

  /** Completes those that nobody has to do anything for any more. */
  private Future<?> finish() {
    return shared.work().done(SOME).compose(this::finish);
  }

  private Future<?> finish(List<Running> done) {
    List<Long> whole = new ArrayList<>();
    Future<?> forgotten = Future.succeededFuture();
    for (Running each : done) {
      Entry entry = running.get(each.id());
      if (entry != null && entry.forgotten && entry.isDue()) {
        // A node that does not confirm one would be waited for with each of the others, too.
        forgotten =
            forgotten
                .compose(before -> Futures.guarded(() -> shared.traces().forget(each.user())))
                .onComplete(last -> whole.add(each.id()), fault -> notForgotten(entry, fault));
      }
    }
    return forgotten
        .transform(
            all ->
                whole.isEmpty()
                    ? Future.succeededFuture(true)
                    : shared.work().complete(epoch, whole, now()))
        .onSuccess(
            holds -> {
              if (held(holds)) {
                for (Long id : whole) {
                  running.remove(id);
                  LOG.info("erasure {} is complete", id);
                }
              }
            });
  }
}
