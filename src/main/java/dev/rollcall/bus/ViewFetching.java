package dev.rollcall.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.View;
import dev.rollcall.sources.ViewAnswer;
import dev.rollcall.sources.ViewRequest;
import dev.rollcall.sources.Views;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.EncodedObject;
import dev.rollcall.wire.RequestHeaders;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.ThreadLocalRandom;

/** {@code rollcall.views.fetch}: a view of a user. */
final class ViewFetching implements Endpoint {

  private final Views views;
  private final Bodies bodies;

  /** What our request ids begin with; random, so that instances and runs do not share one. */
  private final String prefix =
      Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + '-';

  private long requests;

  ViewFetching(Views views, Bodies bodies) {
    this.views = views;
    this.bodies = bodies;
  }

  @Override
  public void answer(Call call) {
    Members members = new Members(bodies.object(call)).only("id", "view", "mode");
    long id = members.id();
    String name = members.required("view");
    String mode = members.optional("mode");
    members.refuseIfFaulty();
    View view = views.named(name);
    ViewRequest request =
        new ViewRequest(
            view,
            view.mode(mode, "/mode"),
            call.deadline(view.deadline()),
            call.caller(),
            caller(call.headers()));
    call.reserve(
        call.budget().views().next(),
        () -> call.reply(views.fetch(request, id), answer -> answer(call, answer)));
  }

  /** On whose behalf the sources are asked. */
  private Caller caller(MultiMap headers) {
    String given = headers.get(Addresses.REQUEST_ID);
    return new Caller(
        given != null && RequestHeaders.isRequestId(given)
            ? given
            : prefix + Long.toString(requests++, 36),
        TraceContext.of(headers));
  }

  private static void answer(Call call, ViewAnswer answer) {
    Failure failure = answer.failure();
    if (failure == null) {
      Buffer json = answer.json();
      call.budget().views().seen(json.length());
      call.reply(new EncodedObject(json));
    } else {
      call.fail(failure);
    }
  }
}
