package dev.rollcall.http;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.config.ViewSettings.Mode;
import dev.rollcall.sources.View;
import dev.rollcall.sources.Views;
import dev.rollcall.wire.StrictJson;
import java.time.Duration;
import java.util.List;

/** {@code POST /views/{view}/batch}: a view of many users, a line each. */
final class ViewBatches implements Endpoint {

  private static final List<String> TYPES = List.of(MediaTypes.JSON);

  private final Views views;
  private final HttpSettings settings;

  ViewBatches(Views views, HttpSettings settings) {
    this.views = views;
    this.settings = settings;
  }

  @Override
  public void answer(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    View view = views.named(exchange.pathParameter("view"));
    Duration time = RequestFields.time(exchange.requestHeaders(), view.deadline());
    MediaTypes.require(exchange, TYPES);
    Body.read(
        exchange,
        BatchReader.BODY_LIMIT,
        settings,
        bytes -> {
          BatchRequest request = BatchReader.read(StrictJson.read(bytes));
          Mode mode = view.mode(request.mode(), "/mode");
          new ViewBatch(exchange, views, view, mode, time, request).start();
        });
  }
}
