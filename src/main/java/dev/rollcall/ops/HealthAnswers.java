package dev.rollcall.ops;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Whether the process lives, and whether it is ready, as the port for operators answers it. */
final class HealthAnswers {
  private final EventLoopWatch loops;
  private final Readiness readiness;

  HealthAnswers(EventLoopWatch loops, Readiness readiness) {
    this.loops = loops;
    this.readiness = readiness;
  }

  Future<OperatorAnswer> live() {
    boolean alive = loops.allAnswer();
    JsonObject body =
        new JsonObject()
            .put("status", alive ? "up" : "down")
            .put("longestSilenceMs", loops.longestSilence().toMillis());
    return Future.succeededFuture(OperatorAnswer.json(alive ? 200 : 503, body));
  }

  Future<OperatorAnswer> ready() {
    return readiness
        .ask()
        .map(
            answer ->
                OperatorAnswer.json(
                    answer.ready() ? 200 : 503,
                    new JsonObject()
                        .put("status", answer.ready() ? "up" : "down")
                        .put("reason", answer.reason())));
  }
}
