package dev.rollcall.sources;

import dev.rollcall.config.ViewSettings;
import dev.rollcall.config.ViewSettings.Mode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * How long the answers of one view took, and each of its sources within them. Meters are made when
 * they are first needed, and found by their place from then on: each answer records one and one
 * more for each source. Safe for use by all threads.
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

  private static final List<Integer> ANSWERS = List.of(200, 499, 502, 504);
  private static final List<Mode> MODES = List.of(Mode.values());
  private static final List<SourceStatus> ENDS = List.of(SourceStatus.values());

  private final ViewSettings settings;
  private final MeterRegistry registry;
  private final AtomicReferenceArray<Timer> answers =
      new AtomicReferenceArray<>(MODES.size() * ANSWERS.size());
  private final AtomicReferenceArray<Timer> ends;

  ViewMeters(ViewSettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.registry = registry;
    this.ends = new AtomicReferenceArray<>(settings.sources().size() * ENDS.size());
  }

  /**
   * Counts an answer.
   *
   * @param results one for each source of the view, in its order
   */
  void record(Mode mode, Verdict verdict, List<SourceResult> results, long nanos) {
    int status = verdict.status();
    int answer = MODES.indexOf(mode) * ANSWERS.size() + ANSWERS.indexOf(status);
    timer(answers, answer, () -> register(mode, status)).record(nanos, TimeUnit.NANOSECONDS);
    for (int i = 0; i < results.size(); i++) {
      SourceResult result = results.get(i);
      timer(ends, i * ENDS.size() + ENDS.indexOf(result.status()), () -> register(result))
          .record(result.nanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static Timer timer(
      AtomicReferenceArray<Timer> timers, int place, Supplier<Timer> register) {
    Timer timer = timers.getAcquire(place);
    if (timer == null) {
      // Two threads may both register it: the registry gives both the same.
      timer = register.get();
      timers.setRelease(place, timer);
    }
    return timer;
  }

  private Timer register(Mode mode, int status) {
    return Timer.builder("rollcall.view.answers")
        .description("from the question for a view to its answer; 499: nobody waited for it")
        .tags("view", settings.name(), "mode", View.json(mode))
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Timer register(SourceResult result) {
    return Timer.builder("rollcall.view.sources")
        .description("how long a source took within the answers of a view, retries included")
        .tags("view", settings.name(), "source", result.source())
        .tag("status", result.status().json())
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
