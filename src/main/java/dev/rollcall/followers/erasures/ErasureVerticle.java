package dev.rollcall.followers.erasures;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Lease;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.users.UserStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the erasures of a store, on one event loop, while it holds them. One instance for a
 * process; of several processes with the same store one holds all of them, and another one soon
 * after that ends.
 */
public final class ErasureVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureVerticle.class);

  /** After a process that died, the next one has them so much later. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 500;

  private final UserStore users;
  private final ErasureStore store;
  private final ErasureWork work;
  private final StoredErasures kept;
  private final Traces traces;
  private final Collection<SourceSettings> settings;
  private final ErasureMeters meters;
  private final Clock clock;
  private List<ErasingSource> sources = List.of();
  private String owner = UUID.randomUUID().toString();
  private @Nullable Lease lease;
  private @Nullable ErasureRun run;
  private boolean looking;
  private boolean again;
  private boolean ended;

  /**
   * An instance that does nothing yet.
   *
   * @param kept tells of what is asked for in this process
   * @param sources those of them that say how, are told to erase users
   */
  public ErasureVerticle(
      UserStore users,
      ErasureStore store,
      ErasureWork work,
      StoredErasures kept,
      Traces traces,
      Collection<SourceSettings> sources,
      MeterRegistry registry,
      Clock clock) {
    this.users = users;
    this.store = store;
    this.work = work;
    this.kept = kept;
    this.traces = traces;
    this.settings = sources;
    this.meters = new ErasureMeters(registry);
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    sources =
        settings.stream()
            .filter(source -> source.erase().isPresent())
            .map(source -> new ErasingSource(vertx, source))
            .toList();
    kept.served(() -> context.runOnContext(news -> look()));
    vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    look();
    return Future.succeededFuture();
  }

  /** Looks what there is to be done. */
  private void look() {
    if (looking) {
      again = true;
      return;
    }
    if (ended) {
      return;
    }
    looking = true;
    again = false;
    work.load(clock.instant().minus(Erasure.PATIENCE))
        .compose(this::settle)
        .onFailure(fault -> LOG.debug("erasures are not looked at: {}", fault.getMessage()))
        .onComplete(
            any -> {
              looking = false;
              if (again) {
                look();
              }
            });
  }

  private Future<?> settle(ErasureWork.Load load) {
    meters.seen(load);
    ErasureRun held = run;
    if (held != null && held.epoch() != load.epoch()) {
      lost();
    } else if (held != null && load.running() == 0) {
      return release();
    } else if (held != null) {
      held.turn();
    } else if (load.running() > 0 && load.free()) {
      return claim();
    }
    return Future.succeededFuture();
  }

  private Future<?> claim() {
    Deadline until = Deadline.in(LEASE);
    String name = owner;
    return work.claim(name, LEASE)
        .onSuccess(epoch -> epoch.ifPresent(claimed -> hold(name, claimed, until)));
  }

  private void hold(String name, long epoch, Deadline until) {
    if (ended) {
      return; // Its lease runs out.
    }
    ErasureRun begun =
        new ErasureRun(
            new ErasureRun.Shared(
                vertx, users, store, work, traces, sources, clock, this::mayWork, this::lost),
            epoch);
    Lease kept =
        new Lease(
            context,
            "the erasures",
            LEASE,
            until,
            () -> work.renew(name, LEASE),
            () -> false,
            begun::turn,
            this::lost);
    run = begun;
    lease = kept;
    kept.start();
  }

  private boolean mayWork() {
    return !ended && lease != null && lease.allowsWork();
  }

  /** Under another name from then on, since nothing says whether the old one still holds them. */
  private void lost() {
    end();
    owner = UUID.randomUUID().toString();
  }

  private void end() {
    if (run != null) {
      run.end();
      run = null;
    }
    if (lease != null) {
      lease.end();
      lease = null;
    }
  }

  private Future<?> release() {
    String name = owner;
    lost();
    return work.release(name);
  }

  /** Lets another process go on. A source that is being told is told again by that one. */
  @Override
  public Future<?> stop() {
    ended = true;
    kept.served(null);
    Future<?> released = run == null ? Future.succeededFuture() : release();
    return released
        .otherwiseEmpty()
        .compose(over -> Future.join(sources.stream().map(ErasingSource::close).toList()));
  }
}
