import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Half of what it can take, of everything, for a long time: the memory must stay where it is, and
 * nothing may fail.
 */
final class SoakCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int DELAY_MILLIS = 2;

  /** Many, since wrk pauses for whole milliseconds only. */
  private static final int CONNECTIONS = 256;

  /** What is not collected yet is not lost, so the heap is kept small enough to be seen full. */
  private static final String JAVA_OPTIONS = "-Xmx256m";

  private static final double FLAT = 1.1;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    int minute = bench.quick() ? 6 : 60;
    int minutes = 10;
    Placement placement = Placement.defaults();
    try (Server upstream = bench.fleet().upstream(placement, DELAY_MILLIS);
        Server rollcall =
            bench.fleet().rollcallWithView(placement, USERS, upstream, JAVA_OPTIONS, List.of())) {
      load(bench, placement, rollcall, "warm", 0, bench.warmLimitSeconds()).await();
      double full = load(bench, placement, rollcall, "full", 0, bench.loadSeconds()).await().rate();
      long pause = Math.round(CONNECTIONS / (full / 2) * 1000);
      bench.say("soak: %.0f requests/s at full load; now a pause of %d ms each", full, pause);
      Wrk wrk = load(bench, placement, rollcall, "half", pause, minute * minutes);
      List<Double> peaks = new ArrayList<>();
      for (int i = 1; i < minutes; i++) {
        peaks.add(watch(rollcall.program(), minute));
        bench.say("soak: minute %d of %d, %.0f MiB at most", i, minutes, peaks.get(i - 1));
      }
      judge(bench, placement, full, wrk.await(), peaks, minute);
    }
  }

  private static Wrk load(
      Bench bench, Placement placement, Server rollcall, String word, long pause, int seconds)
      throws IOException {
    return Wrk.start(
        placement,
        CONNECTIONS,
        seconds,
        rollcall.url("/"),
        bench.fleet().log("wrk"),
        List.of("mixed.lua", Integer.toString(USERS), word, Long.toString(pause)));
  }

  /** The most memory that is seen within so many seconds. */
  private static double watch(Program program, int seconds)
      throws IOException, InterruptedException {
    double most = 0;
    for (int i = 0; i < seconds; i++) {
      Thread.sleep(1000);
      most = Math.max(most, program.residentMib());
    }
    return most;
  }

  private static void judge(
      Bench bench,
      Placement placement,
      double full,
      Wrk.Outcome outcome,
      List<Double> peaks,
      int minute) {
    // Caches and buffers have their size after three of the ten; then nothing may come on top.
    double early = Collections.max(peaks.subList(1, 3));
    double late = Collections.max(peaks.subList(peaks.size() - 2, peaks.size()));
    Map<Metric, Double> ours =
        Map.of(Metric.requests_per_second, outcome.rate(), Metric.peak_rss_mib, late);
    Map<Metric, Double> theirs =
        Map.of(Metric.requests_per_second, full, Metric.peak_rss_mib, early);
    bench.results().add("soak", placement.loops(), CONNECTIONS, Results.OURS, ours);
    bench.results().add("soak", placement.loops(), CONNECTIONS, "its beginning", theirs);
    bench
        .results()
        .note(
            String.format(
                    Locale.ROOT,
                    "soak: %d s of reads, views, creates, patches and pages, %,d requests, %d bad"
                        + " answers;",
                    10 * minute,
                    outcome.requests(),
                    outcome.bad())
                + " heap of 256 MiB; its beginning: the rate at full load, and the memory in the"
                + " second and third tenth, where ours is that of the last two watched");
    if (outcome.bad() > 0) {
      bench.results().fail(String.format(Locale.ROOT, "soak: %d bad answers", outcome.bad()));
    }
    if (late > early * FLAT) {
      bench
          .results()
          .fail(String.format(Locale.ROOT, "soak: memory went from %.0f to %.0f MiB", early, late));
    }
  }
}
