package dev.rollcall.views;

import dev.rollcall.base.TimerTable;
import dev.rollcall.config.sources.ViewSettings;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/** The timers of one view's answers and of their sources. Safe for use by all threads. */
final class ViewMeters {
  private static final List<Integer> ANSWERS = List.of(200, 499, 502, 504);
  private static final List<Mode> MODES = List.of(Mode.values());
  private static final List<SourceStatus> ENDS = List.of(SourceStatus.values());

  private final ViewSettings settings;
  private final TimerTable answers;
  private final TimerTable ends;

  ViewMeters(ViewSettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.answers = new TimerTable(registry, MODES.size() * ANSWERS.size(), this::answer);
    this.ends = new TimerTable(registry, settings.sources().size() * ENDS.size(), this::end);
  }

  /** Records an answer with one result for each source, in the order of the view. */
  void record(Mode mode, Verdict verdict, List<SourceResult> results, long nanos) {
    answers.record(MODES.indexOf(mode) * ANSWERS.size() + ANSWERS.indexOf(verdict.status()), nanos);
    for (int i = 0; i < results.size(); i++) {
      SourceResult result = results.get(i);
      ends.record(i * ENDS.size() + ENDS.indexOf(result.status()), result.nanos());
    }
  }

  private Timer.Builder answer(int place) {
    return Timer.builder("rollcall.view.answers")
        .description("from the question for a view to its answer; 499: nobody waited for it")
        .tags("view", settings.name(), "mode", View.json(MODES.get(place / ANSWERS.size())))
        .tag("status", Integer.toString(ANSWERS.get(place % ANSWERS.size())));
  }

  private Timer.Builder end(int place) {
    return Timer.builder("rollcall.view.sources")
        .description("how long a source took within the answers of a view, retries included")
        .tags("view", settings.name(), "source", settings.sources().get(place / ENDS.size()))
        .tag("status", ENDS.get(place % ENDS.size()).json());
  }
}
