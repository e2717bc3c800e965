package dev.rollcall.http;

import dev.rollcall.config.ViewSettings.Mode;
import dev.rollcall.sources.View;
import dev.rollcall.sources.Views;
import java.time.Duration;
import java.util.function.Consumer;

/** {@code POST /views/{view}/batch}: a view of many users, a line each. */
final class ViewBatches implements Consumer<OperationExchange> {

  private final Views views;

  ViewBatches(Views views) {
    this.views = views;
  }

  @Override
  public void accept(OperationExchange exchange) {
    View view = views.named(exchange.pathParameter("view"));
    Duration time = exchange.time(view.deadline());
    exchange.body(
        BatchReader.BODY_LIMIT,
        body -> {
          BatchRequest request = BatchReader.read(body);
          Mode mode = view.mode(request.mode(), "/mode");
          new ViewBatch(exchange, views, view, mode, time, request).start();
        });
  }
}
