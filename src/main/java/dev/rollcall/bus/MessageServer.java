package dev.rollcall.bus;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.base.TimerTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Receives the messages of one instance, and knows which of its calls are under way. */
final class MessageServer {

  private final Vertx vertx;
  private final BusLimits limits;
  private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
  private final Set<Call> atWork = new HashSet<>();
  private @Nullable Promise<Void> idle;

  MessageServer(Vertx vertx, BusLimits limits) {
    this.vertx = vertx;
    this.limits = limits;
  }

  Future<Void> serve(List<ServedAddress> table) {
    EventBus bus = vertx.eventBus();
    for (ServedAddress served : table) {
      TimerTable timers = limits.timers(served.name());
      consumers.add(
          bus.<Object>consumer(served.address(), message -> take(served, timers, message)));
    }
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList()).mapEmpty();
  }

  private void take(ServedAddress served, TimerTable timers, Message<Object> message) {
    Call call = served.calls().of(this, served, timers, message);
    call.answer();
    // Most have ended by now: what is cached is answered at once.
    if (!call.ended()) {
      atWork.add(call);
    }
  }

  /**
   * Receives nothing more: the bus answers what was sent and not received that it was discarded.
   * Calls that are under way may finish, and fail where they do not.
   *
   * @param drain how long they may take
   */
  Future<Void> leave(Duration drain) {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .transform(left -> finish(drain));
  }

  private Future<Void> finish(Duration drain) {
    Promise<Void> finished = Promise.promise();
    idle = finished;
    if (atWork.isEmpty()) {
      finished.complete();
    } else {
      // There is no timer of 0 ms.
      vertx.setTimer(
          Math.max(1, drain.toMillis()),
          late ->
              List.copyOf(atWork)
                  .forEach(call -> call.giveUp(Kind.UNAVAILABLE, "this node is ending")));
    }
    return finished.future();
  }

  void ended(Call call) {
    atWork.remove(call);
    if (atWork.isEmpty() && idle != null) {
      idle.tryComplete();
    }
  }

  Vertx vertx() {
    return vertx;
  }

  BusLimits limits() {
    return limits;
  }
}
