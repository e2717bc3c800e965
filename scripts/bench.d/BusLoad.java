import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Asks Rollcall and the floor for users, in turn, and prints a line for each round of each: its
 * name, requests a second, the milliseconds of the median and of the 99th percentile, and the CPU
 * time that a request took it, in microseconds, or 0 where it runs in this process.
 *
 * <p>Belongs to one event loop.
 */
final class BusLoad {

  /** From this share of a processor on, this program may be what the figures are about. */
  private static final double BUSY = 0.97;

  private static final double MICROS = 1e3;

  /**
   * How much is asked.
   *
   * @param users of which one is asked for at random
   * @param inFlight questions that wait for their replies at any time
   * @param warmSeconds for which each is asked before anything counts
   * @param seconds of a round
   */
  record Plan(int users, int inFlight, int warmSeconds, int rounds, int seconds) {

    /** A plan from the arguments of a program, which end with it. */
    static Plan of(String[] args) {
      int[] numbers =
          Arrays.stream(args).skip(args.length - 5L).mapToInt(Integer::parseInt).toArray();
      return new Plan(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    List<String> arguments() {
      return List.of(users, inFlight, warmSeconds, rounds, seconds).stream()
          .map(number -> Integer.toString(number))
          .toList();
    }
  }

  /** Asks for a user. */
  interface Question {
    /**
     * Asks.
     *
     * @param place which of those in flight it is, from 0 on
     * @return succeeds when there is a reply
     */
    Future<?> ask(int place, int user);
  }

  /**
   * Who is asked.
   *
   * @param process whose CPU time counts; 0 where it is this one
   */
  record Target(String name, long process, Question question) {

    private Duration cpu() {
      return process == 0 ? Duration.ZERO : cpu(process);
    }

    private static Duration cpu(long process) {
      return ProcessHandle.of(process)
          .flatMap(handle -> handle.info().totalCpuDuration())
          .orElseThrow();
    }
  }

  private final Target target;
  private final Plan plan;
  private final long nanos;
  private final Promise<long[]> loaded = Promise.promise();
  private final SplittableRandom random = new SplittableRandom(42);
  private long[] took = new long[1 << 16];
  private int count;
  private int waiting;
  private long began;

  private BusLoad(Target target, Plan plan, int seconds) {
    this.target = target;
    this.plan = plan;
    this.nanos = TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Runs all rounds; called by the main thread. */
  static void run(Context context, Plan plan, List<Target> targets) throws Exception {
    for (Target target : targets) {
      load(context, new BusLoad(target, plan, plan.warmSeconds));
    }
    List<Target> order = new ArrayList<>(targets);
    for (int round = 0; round < plan.rounds; round++) {
      for (Target target : order) {
        System.out.println(load(context, new BusLoad(target, plan, plan.seconds)));
      }
      Collections.rotate(order, 1);
    }
  }

  private static String load(Context context, BusLoad load) throws Exception {
    Duration before = load.target.cpu();
    Duration ours = Target.cpu(ProcessHandle.current().pid());
    context.runOnContext(turn -> load.start());
    long[] took =
        load.loaded.future().await(load.nanos * 2 + 60_000_000_000L, TimeUnit.NANOSECONDS);
    double cpu = load.target.cpu().minus(before).toNanos() / MICROS / took.length;
    ours = Target.cpu(ProcessHandle.current().pid()).minus(ours);
    if (load.target.process != 0 && ours.toNanos() > BUSY * load.nanos) {
      System.out.println("busy with " + load.target.name);
    }
    Arrays.sort(took);
    return String.format(
        Locale.ROOT,
        "%s %.1f %.3f %.3f %.2f",
        load.target.name,
        took.length * 1e9 / load.nanos,
        took[took.length / 2] / 1e6,
        took[(int) (took.length * 99L / 100)] / 1e6,
        cpu);
  }

  private void start() {
    began = System.nanoTime();
    for (int place = 0; place < plan.inFlight; place++) {
      ask(place);
    }
  }

  private void ask(int place) {
    waiting++;
    long asked = System.nanoTime();
    target
        .question
        .ask(place, 1 + random.nextInt(plan.users))
        .onComplete(reply -> answered(place, asked), loaded::tryFail);
  }

  private void answered(int place, long asked) {
    waiting--;
    long now = System.nanoTime();
    // What is answered after the end does not count, but is waited for.
    if (now - began < nanos) {
      if (count == took.length) {
        took = Arrays.copyOf(took, 2 * count);
      }
      took[count++] = now - asked;
      ask(place);
    } else if (waiting == 0) {
      loaded.complete(Arrays.copyOf(took, count));
    }
  }
}
