package dev.rollcall.sources;

import dev.rollcall.config.ViewSettings;
import dev.rollcall.config.ViewSettings.Mode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How long the answers of one view took, and each of its sources within them. Meters are made when
 * they are first needed, and found without a search of the registry from then on. Safe for use by
 * all threads.
 */
final class ViewMeters {

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(10)
  };

  private record Answers(Mode mode, int status) {}

  private record Ends(String source, SourceStatus status) {}

  private final String view;
  private final MeterRegistry registry;
  private final Map<Answers, Timer> answers = new ConcurrentHashMap<>();
  private final Map<Ends, Timer> ends = new ConcurrentHashMap<>();

  ViewMeters(ViewSettings settings, MeterRegistry registry) {
    this.view = settings.name();
    this.registry = registry;
  }

  void record(Mode mode, Verdict verdict, List<SourceResult> results, long nanos) {
    answers
        .computeIfAbsent(new Answers(mode, verdict.status()), this::register)
        .record(nanos, TimeUnit.NANOSECONDS);
    for (SourceResult result : results) {
      ends.computeIfAbsent(new Ends(result.source(), result.status()), this::register)
          .record(result.nanos(), TimeUnit.NANOSECONDS);
    }
  }

  private Timer register(Answers kind) {
    return Timer.builder("rollcall.view.answers")
        .description("from the question for a view to its answer; 499: nobody waited for it")
        .tags("view", view, "mode", View.json(kind.mode()))
        .tag("status", Integer.toString(kind.status()))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Timer register(Ends kind) {
    return Timer.builder("rollcall.view.sources")
        .description("how long a source took within the answers of a view, retries included")
        .tags("view", view, "source", kind.source(), "status", kind.status().json())
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
