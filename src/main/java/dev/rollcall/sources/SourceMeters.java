package dev.rollcall.sources;

import dev.rollcall.sources.limits.AdaptiveLimit;
import dev.rollcall.sources.limits.AttemptLimits;
import dev.rollcall.sources.limits.RateLimit;
import dev.rollcall.sources.limits.UrlChoice;
import dev.rollcall.sources.limits.UrlEjection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What is counted of one source. Safe for use by all threads. */
final class SourceMeters {
  private final Counter first;
  private final Counter retries;
  private final Counter hedges;
  private final Counter hedgesThatWon;
  private final Counter unaffordable;
  private final Counter joined;
  private final Counter cached;
  private final Counter stale;
  private final @Nullable Counter tooOften;

  SourceMeters(
      String source,
      MeterRegistry registry,
      AttemptLimits permits,
      SourceBreaker breaker,
      @Nullable RateLimit rate,
      UrlChoice urls) {
    first = attempts(registry, source, "first");
    retries = attempts(registry, source, "retry");
    hedges = attempts(registry, source, "hedge");
    hedgesThatWon =
        counter(registry, source, "hedges.won", "second attempts that answered before the first");
    unaffordable =
        counter(registry, source, "repeats.unaffordable", "retries and hedges over their budget");
    joined = counter(registry, source, "joined", "fetches that waited for the answer of another");
    cached = counter(registry, source, "cached", "fetches answered from memory");
    stale = counter(registry, source, "stale", "fetches answered from memory that is too old");
    gauge(registry, source, "in.flight", "attempts under way", permits, AttemptLimits::taken);
    String waiting = "attempts that wait for their turn";
    gauge(registry, source, "waiting", waiting, permits, AttemptLimits::waiting);
    String levels = "0 closed, 1 trying, 2 open: the source is left alone";
    gauge(registry, source, "breaker", levels, breaker, SourceBreaker::level);
    List<AdaptiveLimit> limits = permits.adaptive();
    for (int url = 0; url < limits.size(); url++) {
      limit(registry, source, limits.get(url), url);
    }
    UrlEjection ejection = urls.ejection();
    for (int url = 0; ejection != null && url < ejection.urls(); url++) {
      ejected(registry, source, ejection, url);
    }
    if (rate == null) {
      tooOften = null;
    } else {
      String refused = "attempts that the rate had no turn for in time";
      tooOften = counter(registry, source, "rate.refused", refused);
      String queued = "attempts that wait until the rate lets them go";
      gauge(registry, source, "rate.waiting", queued, rate, RateLimit::waiting);
    }
  }

  private static void limit(MeterRegistry registry, String source, AdaptiveLimit limit, int url) {
    String[] tags = {"source", source, "url", Integer.toString(url)};
    Gauge.builder("rollcall.source.limit", limit, AdaptiveLimit::limit)
        .description("how many attempts may be under way at the URL")
        .tags(tags)
        .register(registry);
    Gauge.builder("rollcall.source.limit.taken", limit, AdaptiveLimit::taken)
        .description("attempts under way at the URL")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("rollcall.source.limit.refused", limit, AdaptiveLimit::refusals)
        .description("attempts that were not made, since the limit of the URL was reached")
        .tags(tags)
        .register(registry);
  }

  /** A URL is told by its place among those of its source, since it may hold secrets. */
  private static void ejected(
      MeterRegistry registry, String source, UrlEjection ejection, int url) {
    Gauge.builder("rollcall.source.ejected", ejection, all -> all.isOut(url) ? 1 : 0)
        .description("1 while the URL is left out, since it failed so often")
        .tags("source", source, "url", Integer.toString(url))
        .register(registry);
    FunctionCounter.builder("rollcall.source.ejections", ejection, all -> all.count(url))
        .description("how often the URL was left out")
        .tags("source", source, "url", Integer.toString(url))
        .register(registry);
  }

  private static Counter attempts(MeterRegistry registry, String source, String kind) {
    return Counter.builder("rollcall.source.attempts")
        .description("attempts at the answer of a source")
        .tags("source", source, "kind", kind)
        .register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, String source, String name, String description) {
    return Counter.builder("rollcall.source." + name)
        .description(description)
        .tag("source", source)
        .register(registry);
  }

  private static <T> void gauge(
      MeterRegistry registry,
      String source,
      String name,
      String description,
      T measured,
      ToDoubleFunction<T> value) {
    Gauge.builder("rollcall.source." + name, measured, value)
        .description(description)
        .tag("source", source)
        .register(registry);
  }

  void attempt(Attempt.Kind kind) {
    switch (kind) {
      case FIRST -> first.increment();
      case RETRY -> retries.increment();
      case HEDGE -> hedges.increment();
    }
  }

  void hedgeWon() {
    hedgesThatWon.increment();
  }

  void unaffordable() {
    unaffordable.increment();
  }

  void tooOften() {
    if (tooOften != null) {
      tooOften.increment();
    }
  }

  void joined() {
    joined.increment();
  }

  void cached(boolean isStale) {
    (isStale ? stale : cached).increment();
  }
}
