package dev.rollcall.followers.erasures;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.followers.erasures.ErasureTarget.State;
import dev.rollcall.followers.erasures.ErasureWork.Outcome;
import dev.rollcall.followers.erasures.ErasureWork.Task;
import dev.rollcall.followers.webhooks.RetrySchedule;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Tells sources what is due, under one claim. Each has places of its own, so that one which hangs
 * holds up no other one. Belongs to one event loop.
 *
 * @param ended whether nothing more may be begun
 * @param recorded is told after each answer whether the claim held
 */
record SourceRounds(
    ErasureRun.Shared shared, long epoch, BooleanSupplier ended, Consumer<Boolean> recorded) {
  private Instant now() {
    return shared.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Tells each source that has a place free; succeeds before it has answered. */
  Future<?> tellAll() {
    List<Future<?>> all = new ArrayList<>();
    for (ErasingSource source : shared.sources()) {
      source.look();
      if (source.told().size() < ErasingSource.AT_ONCE) {
        all.add(
            shared
                .work()
                .due(source.name(), now(), ErasingSource.AT_ONCE)
                .onSuccess(due -> due.forEach(task -> tell(source, task))));
      }
    }
    return all.isEmpty() ? Future.succeededFuture() : Future.join(all);
  }

  private void tell(ErasingSource source, Task task) {
    boolean room = source.told().size() < ErasingSource.AT_ONCE;
    if (ended.getAsBoolean() || !room || !source.told().add(task.target())) {
      return;
    }
    source
        .tell(task.user())
        .compose(answer -> shared.work().record(epoch, List.of(outcome(task, answer))))
        .onComplete(
            holds -> {
              source.answered(task.target());
              recorded.accept(holds);
            },
            // It is told again, later, since nothing says that it was told.
            fault ->
                shared
                    .vertx()
                    .setTimer(
                        TimeUnit.NANOSECONDS.toMillis(ErasureRun.PAUSE_NANOS),
                        later -> source.told().remove(task.target())));
  }

  private Outcome outcome(Task task, DeliveryAnswer answer) {
    Instant now = now();
    boolean erased = ErasingSource.isErased(answer);
    int attempts = (int) Math.min(Integer.MAX_VALUE, task.attempts() + 1);
    return new Outcome(
        task.target(),
        erased ? State.ERASED : State.FAILED,
        now,
        erased ? null : answer.error(),
        erased ? now : RetrySchedule.next(now, attempts, answer));
  }
}
