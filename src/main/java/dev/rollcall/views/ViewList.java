package dev.rollcall.views;

import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.ViewSettings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;

/** The declared views as JSON, without URLs, addresses and headers of sources. */
final class ViewList {

  private ViewList() {}

  static Buffer json(Collection<View> views) {
    JsonArray items = new JsonArray();
    views.forEach(view -> items.add(item(view)));
    return new JsonObject().put("items", items).toBuffer();
  }

  private static JsonObject item(View view) {
    ViewSettings settings = view.settings();
    JsonArray modes = new JsonArray();
    settings.modes().stream().map(View::json).sorted().forEach(modes::add);
    JsonArray sources = new JsonArray();
    for (View.Member member : view.members()) {
      SourceSettings source = member.client().settings();
      sources.add(source(source, settings.required().contains(source.name())));
    }
    return new JsonObject()
        .put("name", settings.name())
        .put("mode", View.json(settings.mode()))
        .put("modes", modes)
        .put("deadlineMs", settings.deadline().toMillis())
        .put("sources", sources);
  }

  private static JsonObject source(SourceSettings source, boolean required) {
    return new JsonObject()
        .put("name", source.name())
        .put("kind", source.target().kind())
        .put("required", required)
        .put("needs", new JsonArray(source.needs()))
        .put("timeoutMs", source.timeout().toMillis());
  }
}
