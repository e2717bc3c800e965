package dev.rollcall.ops;

import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether this process is ready for requests.
 *
 * <pre>
 *   STARTING ──▶ SERVING ──▶ DRAINING
 *       └─▶ WARMING_UP ─┘
 * </pre>
 *
 * <p>While it serves, a probe also asks whether the cluster is safe, if there is one, and whether
 * the store can be read and written. Safe for use by all threads.
 */
public final class Readiness {

  private enum Phase {
    STARTING,
    WARMING_UP,
    SERVING,
    DRAINING;

    private String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * An answer to a probe.
   *
   * @param ready whether requests are welcome
   * @param reason in a word or a sentence
   */
  public record Answer(boolean ready, String reason) {}

  private static final long PROBE_TIMEOUT_SECONDS = 2;

  private final Supplier<Future<Boolean>> clusterSafe;
  private final Supplier<Future<Void>> probe;
  private volatile Phase phase = Phase.STARTING;

  /**
   * Readiness of a process that starts.
   *
   * @param clusterSafe whether the cluster has a copy of all that this node knows
   * @param probe succeeds while the store can be read and written
   */
  public Readiness(Supplier<Future<Boolean>> clusterSafe, Supplier<Future<Void>> probe) {
    this.clusterSafe = clusterSafe;
    this.probe = probe;
  }

  /** All is open that a start opens first, and the process works on its own for a while. */
  public void warmingUp() {
    phase = Phase.WARMING_UP;
  }

  /** Everything answers. */
  public void serving() {
    phase = Phase.SERVING;
  }

  /** The process is about to end. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  /** Asks; never fails, and answers within some seconds. */
  public Future<Answer> ask() {
    Phase now = phase;
    if (now != Phase.SERVING) {
      return Future.succeededFuture(new Answer(false, now.words()));
    }
    return clusterSafe
        .get()
        .timeout(PROBE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .otherwise(false)
        .compose(
            safe ->
                safe
                    ? askStore(now)
                    : Future.succeededFuture(new Answer(false, "the cluster is not safe yet")));
  }

  /** The same, as the port for operators answers it. */
  Future<OperatorAnswer> answer() {
    return ask()
        .map(
            answer ->
                OperatorAnswer.json(
                    answer.ready() ? 200 : 503,
                    new JsonObject()
                        .put("status", answer.ready() ? "up" : "down")
                        .put("reason", answer.reason())));
  }

  private Future<Answer> askStore(Phase now) {
    return probe
        .get()
        .timeout(PROBE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .map(readable -> new Answer(true, now.words()))
        .otherwise(fault -> new Answer(false, reason(fault)));
  }

  private static String reason(Throwable fault) {
    return fault instanceof Failure failure && failure.kind() == Failure.Kind.UNAVAILABLE
        ? failure.detail()
        : "the store can't be read";
  }
}
