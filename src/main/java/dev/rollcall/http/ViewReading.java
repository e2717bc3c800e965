package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.View;
import dev.rollcall.sources.ViewAnswer;
import dev.rollcall.sources.ViewRequest;
import dev.rollcall.sources.Views;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Set;

/** Views: which there are, and one of them of one user. */
final class ViewReading {

  private static final Set<String> PARAMETERS = Set.of("mode");

  private final Views views;

  ViewReading(Views views) {
    this.views = views;
  }

  /** {@code GET /views}. */
  void list(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    exchange.send(200, Fields.JSON, views.declared());
  }

  /** {@code GET /users/{id}/views/{view}}. */
  void get(Exchange exchange) {
    QueryParameters given = new QueryParameters(exchange.request().query(), PARAMETERS);
    String mode = given.optional("mode");
    given.refuseIfFaulty();
    long id = RequestFields.id(exchange.pathParameter("id"));
    View view = views.named(exchange.pathParameter("view"));
    Duration time = RequestFields.time(exchange.requestHeaders(), view.deadline());
    ViewRequest request =
        new ViewRequest(
            view,
            view.mode(mode, "?mode"),
            exchange.deadline(time),
            exchange.client(),
            caller(exchange));
    exchange
        .outgoing()
        .reserve(
            exchange.outgoing().budget().views().next(),
            () -> exchange.reply(views.fetch(request, id), answer -> answer(exchange, answer)));
  }

  /** On whose behalf the sources are asked. */
  static Caller caller(Exchange exchange) {
    return new Caller(exchange.head().id(), TraceContext.of(exchange.requestHeaders()));
  }

  private static void answer(Exchange exchange, ViewAnswer answer) {
    exchange.response().headers().set(Fields.SERVER_TIMING, answer.serverTiming());
    Failure failure = answer.failure();
    if (failure == null) {
      Buffer json = answer.json();
      exchange.outgoing().budget().views().seen(json.length());
      exchange.send(200, Fields.JSON, json);
    } else {
      exchange.fail(failure, answer.members());
    }
  }
}
