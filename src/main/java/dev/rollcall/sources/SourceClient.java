package dev.rollcall.sources;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.FieldPath;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.limits.AttemptLimits;
import dev.rollcall.sources.limits.RateLimit;
import dev.rollcall.sources.limits.RepeatBudget;
import dev.rollcall.sources.limits.UrlChoice;
import dev.rollcall.sources.limits.UrlPauses;
import dev.rollcall.wire.JsonSelection;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One source as this node asks it: with the cache of its answers, the fetches that share attempts,
 * its permits and its breaker. Safe for use by all threads.
 */
public final class SourceClient {
  private final SourceSettings settings;
  private final Source source;
  private final LocalSources local;
  private final boolean answersByValues;
  private final boolean repeatable;

  /** The caller's headers that go along; null for none. */
  private final @Nullable List<String> forward;

  private final AttemptLimits permits;
  private final SourceBreaker breaker;
  private final RepeatBudget budget = new RepeatBudget();
  private final HedgeDelay hedgeDelay;
  private final SourceMeters meters;
  private final UrlPauses pauses;
  private final UrlChoice urls;
  private final AttemptOutcomes outcomes;

  /** Null where it may be asked as often as it is wanted. */
  private final @Nullable RateLimit rate;

  /** Null where the value is the whole answer. */
  private final @Nullable JsonSelection fields;

  private final ConcurrentMap<SourceQuery.Asked, SharedFetch> shared = new ConcurrentHashMap<>();
  private final @Nullable AnswerMemory memory;

  /** A source of which nothing is known yet. */
  public SourceClient(
      SourceSettings settings, Source source, LocalSources local, MeterRegistry registry) {
    this.settings = settings;
    this.source = source;
    this.local = local;
    this.answersByValues = settings.target().answersByValues();
    this.repeatable = settings.repeatable();
    List<String> names = settings.target().forward();
    this.forward = names.isEmpty() ? null : names;
    int urlCount = settings.target().urls().size();
    this.permits = new AttemptLimits(settings.inFlight(), settings.waiting(), urlCount);
    this.breaker = new SourceBreaker(settings.name(), settings.breaker());
    this.hedgeDelay = new HedgeDelay(settings.hedge());
    this.pauses = local.pauses(settings);
    this.urls = new UrlChoice(urlCount, settings.target().balancing(), pauses, permits);
    this.outcomes = new AttemptOutcomes(breaker, hedgeDelay, urls);
    this.rate =
        settings
            .rate()
            .map(given -> new RateLimit(given.perSecond(), given.burst(), settings.waiting()))
            .orElse(null);
    this.meters = new SourceMeters(settings.name(), registry, permits, breaker, rate, urls);
    this.fields =
        settings.fields().isEmpty() ? null : new JsonSelection(FieldPath.steps(settings.fields()));
    this.memory = AnswerMemory.of(settings);
  }

  /**
   * Asks, or takes the answer from the cache.
   *
   * @param deadline the caller's
   * @param loop the caller's, on which this is called and the fetch ends
   */
  public Fetch fetch(SourceQuery query, Deadline deadline, Loop loop) {
    return fetchWith(forward == null ? query : query.forwarding(forward), deadline, loop);
  }

  private Fetch fetchWith(SourceQuery query, Deadline deadline, Loop loop) {
    SourceQuery.Asked key = query.key(byValues());
    AnswerMemory.Kept known = memory == null ? null : memory.get(key);
    if (memory == null || known == null) {
      return fetchNew(query, key, deadline, loop);
    }
    Fetch.Outcome hit = known.hit();
    if (hit.stale() && !shared.containsKey(key)) {
      // Nobody waits for it, so it has time of its own.
      Deadline own = Deadline.in(settings.timeout().plus(settings.timeout()));
      fetchNew(query, key, own, loop);
    }
    meters.cached(hit.stale());
    return Fetch.ended(hit, loop);
  }

  private Fetch fetchNew(SourceQuery asked, SourceQuery.Asked key, Deadline deadline, Loop loop) {
    Fetch fetch = new Fetch(loop);
    SourceQuery.Known known = memory == null ? null : memory.known(key);
    SourceQuery query = known == null ? asked : asked.knowing(known);
    SharedFetch own = new SharedFetch(this, query, key, deadline, loop);
    if (!repeatable) {
      fetch.join(own);
      own.start();
      return fetch;
    }
    SharedFetch joined =
        shared.compute(key, (same, underWay) -> join(fetch, underWay, own, deadline));
    if (joined == own) {
      own.start();
    } else {
      meters.joined();
    }
    return fetch;
  }

  /** Whether this process asks the source, by the values alone. */
  private boolean byValues() {
    return answersByValues && local.nearest(settings.name()) != null;
  }

  /**
   * Joins a fetch to the shared one that is under way, if that lasts long enough, else to its own.
   * It joins its own before others can, so that none of them ends that by leaving.
   */
  private static SharedFetch join(
      Fetch fetch, @Nullable SharedFetch underWay, SharedFetch own, Deadline deadline) {
    if (underWay != null && underWay.lasts(deadline) && fetch.join(underWay)) {
      return underWay;
    }
    fetch.join(own);
    return own;
  }

  /** The reply with the value that the settings make of its answer. */
  SourceReply selected(SourceQuery query, SourceReply reply) {
    if (reply.ending() == SourceReply.Ending.UNCHANGED) {
      SourceQuery.Known known = query.known();
      return known == null ? SourceReply.rejected("status 304") : known.confirmedBy(reply);
    }
    if (fields == null || reply.value() == null) {
      return reply;
    }
    try {
      return SourceReply.ok(fields.select(reply.value(), settings.answerLimit()))
          .with(reply.fields());
    } catch (Failure e) {
      return SourceReply.rejected(e.detail());
    }
  }

  /**
   * A shared fetch has its reply, which is cached before the fetch can no longer be joined. Those
   * who wait get that, or an older answer instead of a failure.
   */
  Fetch.Outcome ended(SourceQuery.Asked key, SharedFetch fetch, SourceReply reply, long forgotten) {
    Fetch.Outcome outcome =
        memory == null
            ? new Fetch.Outcome(reply, fetch.asked())
            : memory.ended(key, reply, fetch.asked(), forgotten);
    remove(key, fetch);
    if (outcome.stale()) {
      meters.cached(true);
    }
    return outcome;
  }

  /** Nobody can join a shared fetch any more. */
  void remove(SourceQuery.Asked key, SharedFetch fetch) {
    shared.remove(key, fetch);
  }

  /** How often a user was forgotten, as whoever begins to ask sees it. */
  long forgotten() {
    return memory == null ? 0 : memory.forgotten();
  }

  /** Forgets the answers that may be about a user; what is under way is not kept. */
  public void forget(long user) {
    if (memory != null) {
      memory.forget(user);
    }
  }

  /** How many questions are under way. */
  public int underWay() {
    return shared.size();
  }

  public SourceSettings settings() {
    return settings;
  }

  boolean repeatable() {
    return repeatable;
  }

  /** Repeats what a lost node may have been asked, where that does no harm. */
  public void nodeLost() {
    source.nodeLost();
  }

  Source source() {
    return source;
  }

  AttemptLimits permits() {
    return permits;
  }

  @Nullable RateLimit rate() {
    return rate;
  }

  SourceBreaker breaker() {
    return breaker;
  }

  RepeatBudget budget() {
    return budget;
  }

  AttemptOutcomes outcomes() {
    return outcomes;
  }

  HedgeDelay hedgeDelay() {
    return hedgeDelay;
  }

  UrlChoice urls() {
    return urls;
  }

  UrlPauses pauses() {
    return pauses;
  }

  SourceMeters meters() {
    return meters;
  }
}
