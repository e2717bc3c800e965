import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A job over all users, in turn with a loop that asks the same upstream and keeps nothing. Somebody
 * reads users all the while, also while there is no job.
 */
final class JobsCase implements Bench.Case {

  private static final int DELAY_MILLIS = 5;
  private static final int IN_FLIGHT = 50;
  private static final String VIEW = "plan";
  private static final String JAVA_OPTIONS = "-Xmx256m";
  private static final String TEST = "jobs";
  private static final String READS = "jobs-reads";

  /** What an event may come late by, where one is due twice a second. */
  private static final double LONGEST_SECONDS = 2;

  private static final double FLAT = 1.1;
  private static final int WARM_UPS = 2;

  private final JobFollower follower = new JobFollower();
  private double longest;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    int users = bench.quick() ? 10_000 : 100_000;
    Placement placement = Placement.defaults();
    bench
        .results()
        .note(
            String.format(
                    Locale.ROOT,
                    "%s: a view of %,d users with one source that takes %d ms, %d at once; each"
                        + " user counts",
                    TEST,
                    users,
                    DELAY_MILLIS,
                    IN_FLIGHT)
                + " as a request; loop: the same requests by Vert.x' client alone; heap of 256 MiB;"
                + String.format(
                    Locale.ROOT,
                    " %s: GET of a user every 5 ms meanwhile, beside the same while nothing goes"
                        + " on",
                    READS));
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try (Server upstream = bench.fleet().upstream(placement, DELAY_MILLIS);
        Server rollcall =
            bench.fleet().rollcallWithView(placement, users, upstream, JAVA_OPTIONS, List.of())) {
      // After the first one the compilers are still at it.
      for (int i = 0; i < WARM_UPS; i++) {
        follower.run(rollcall, VIEW, IN_FLIGHT);
        loop(vertx, upstream, users);
      }
      double first = 0;
      double last = 0;
      for (int round = 0; round < bench.rounds(); round++) {
        // What comes second finds the machine as the other one left it, so they take turns.
        if (round % 2 == 1) {
          measureLoop(bench, vertx, upstream, rollcall, users);
        }
        last = measureJob(bench, rollcall, users);
        first = round == 0 ? last : first;
        if (round % 2 == 0) {
          measureLoop(bench, vertx, upstream, rollcall, users);
        }
        measureIdle(bench, rollcall, users);
      }
      bench
          .results()
          .note(
              String.format(
                      Locale.ROOT,
                      "%s: at most %.0f MiB in the first round, and %.0f in the last; events at"
                          + " most %.2f s",
                      TEST,
                      first,
                      last,
                      longest)
                  + " apart");
      if (last > first * FLAT) {
        bench
            .results()
            .fail(
                String.format(
                    Locale.ROOT, "%s: memory went from %.0f to %.0f MiB", TEST, first, last));
      }
    } finally {
      vertx.close().await();
    }
  }

  /** The most memory that it took. */
  private double measureJob(Bench bench, Server rollcall, int users)
      throws IOException, InterruptedException {
    rollcall.program().forgetPeak();
    double cpu = rollcall.program().cpuMicros();
    JobFollower.Outcome job;
    double late;
    try (JobReads reads = JobReads.begin(rollcall, users)) {
      job = follower.run(rollcall, VIEW, IN_FLIGHT);
      late = endReads(bench, reads);
    }
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    sample.put(Metric.requests_per_second, users / job.seconds());
    sample.put(Metric.cpu_us_per_request, (rollcall.program().cpuMicros() - cpu) / users);
    sample.put(Metric.peak_rss_mib, rollcall.program().peakMib());
    add(bench, TEST, Results.OURS, sample);
    add(bench, READS, Results.OURS, Map.of(Metric.p99_ms, late));
    longest = Math.max(longest, job.longest());
    if (job.done() != users || job.failed() > 0) {
      bench
          .results()
          .fail(
              String.format(Locale.ROOT, "%s: %d done, %d failed", TEST, job.done(), job.failed()));
    }
    if (job.longest() > LONGEST_SECONDS) {
      bench
          .results()
          .fail(String.format(Locale.ROOT, "%s: no event for %.1f s", TEST, job.longest()));
    }
    return sample.get(Metric.peak_rss_mib);
  }

  /** There are reads as well, since they cost the job something. */
  private static void measureLoop(
      Bench bench, Vertx vertx, Server upstream, Server rollcall, int users)
      throws IOException, InterruptedException {
    try (JobReads reads = JobReads.begin(rollcall, users)) {
      double seconds = loop(vertx, upstream, users);
      endReads(bench, reads);
      add(bench, TEST, "loop", Map.of(Metric.requests_per_second, users / seconds));
    }
  }

  private static double loop(Vertx vertx, Server upstream, int users) throws IOException {
    try {
      return JobLoop.run(vertx, upstream, users, IN_FLIGHT);
    } catch (Exception e) {
      throw new IOException("the loop failed: " + e.getMessage(), e);
    }
  }

  private static void measureIdle(Bench bench, Server rollcall, int users)
      throws IOException, InterruptedException {
    try (JobReads reads = JobReads.begin(rollcall, users)) {
      TimeUnit.SECONDS.sleep(bench.loadSeconds());
      add(bench, READS, "idle", Map.of(Metric.p99_ms, endReads(bench, reads)));
    }
  }

  private static double endReads(Bench bench, JobReads reads) throws InterruptedException {
    double late = reads.endWithMillis(99);
    if (reads.bad() > 0) {
      bench.results().fail(String.format(Locale.ROOT, "%s: %d bad answers", READS, reads.bad()));
    }
    return late;
  }

  private static void add(Bench bench, String test, String side, Map<Metric, Double> sample) {
    bench.results().add(test, Placement.PROCESSORS, IN_FLIGHT, side, sample);
    bench.say("%s: %s: %s", test, side, Metric.show(sample));
  }
}
