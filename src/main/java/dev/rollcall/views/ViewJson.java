package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.ViewSettings;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;

/** Writes views and their answers as JSON. Values of sources are spliced in as bytes. */
final class ViewJson {
  /** Many clients refuse heads of more than 8 KiB. */
  private static final int LONGEST_TIMING = 4096;

  private static final int OK = 200;

  private ViewJson() {}

  static Buffer object(ViewAnswer answer) {
    Buffer json = Buffer.buffer(length(answer)).appendByte((byte) '{');
    append(answer, json);
    return json.appendByte((byte) '}');
  }

  static Buffer members(ViewAnswer answer) {
    Buffer json = Buffer.buffer(length(answer));
    append(answer, json);
    return json;
  }

  private static int length(ViewAnswer answer) {
    int length = 128 + answer.user().length();
    for (SourceResult result : answer.results()) {
      length += 128 + (result.value() == null ? 0 : result.value().length());
    }
    return length;
  }

  private static void append(ViewAnswer answer, Buffer json) {
    json.appendString("\"user\":").appendBuffer(answer.user().json());
    // Text between two values is collected and encoded at once.
    StringBuilder text = new StringBuilder(128);
    text.append(",\"view\":\"").append(answer.view().name());
    text.append("\",\"mode\":\"").append(View.json(answer.mode()));
    text.append("\",\"complete\":").append(answer.complete()).append(",\"sources\":{");
    String separator = "";
    for (SourceResult result : answer.results()) {
      text.append(separator);
      append(result, answer, text, json);
      separator = ",";
    }
    json.appendString(text.append('}').toString());
  }

  private static void append(
      SourceResult result, ViewAnswer answer, StringBuilder text, Buffer json) {
    text.append('"').append(result.source()).append("\":{");
    appendMembers(result, answer.request(), answer.startedAt(), text, json);
  }

  /** How a source ended, with its name, while others may still go on. */
  static Buffer source(SourceResult result, ViewRequest request, long startedAt) {
    Buffer json = Buffer.buffer(128 + (result.value() == null ? 0 : result.value().length()));
    StringBuilder text = new StringBuilder(128);
    text.append("{\"name\":\"").append(result.source()).append("\",");
    appendMembers(result, request, startedAt, text, json);
    return json.appendString(text.toString());
  }

  /** How a view ended of which all else was told. */
  static Buffer end(ViewAnswer answer) {
    Failure failure = answer.failure();
    StringBuilder text = new StringBuilder(64);
    text.append("{\"complete\":").append(answer.complete()).append(",\"status\":");
    text.append(failure == null ? OK : failure.kind().status()).append(",\"ms\":");
    TimelineJson.appendMillis(answer.nanos(), text);
    return Buffer.buffer(text.append('}').toString());
  }

  private static void appendMembers(
      SourceResult result, ViewRequest request, long startedAt, StringBuilder text, Buffer json) {
    text.append("\"status\":\"").append(result.status().json()).append("\",\"ms\":");
    TimelineJson.appendMillis(result.nanos(), text);
    text.append(",\"attempts\":").append(result.attempts());
    if (result.isCached()) {
      text.append(",\"cached\":true,\"age\":").append(result.age());
      text.append(result.stale() ? ",\"stale\":true" : "");
    }
    if (result.value() != null) {
      json.appendString(text.append(",\"value\":").toString()).appendBuffer(result.value());
      text.setLength(0);
    }
    if (result.detail() != null) {
      text.append(",\"detail\":").append(Json.encode(result.detail()));
    }
    if (request.explain()) {
      String caches = result.caches() == null ? null : result.caches().text();
      if (caches != null) {
        text.append(",\"cacheStatus\":").append(Json.encode(caches));
      }
      TimelineJson.append(result.timeline(), result.status(), startedAt, text);
    }
    text.append('}');
  }

  /** Sources that would make the header longer than clients take are left out. */
  static String serverTiming(ViewAnswer answer) {
    StringBuilder timing = new StringBuilder(128);
    for (SourceResult result : answer.results()) {
      if (timing.length() > LONGEST_TIMING) {
        break;
      }
      timing.append(result.source());
      if (result.status() != SourceStatus.OK) {
        timing.append(";desc=\"").append(result.status().json()).append('"');
      }
      timing.append(";dur=");
      TimelineJson.appendMillis(result.nanos(), timing);
      timing.append(", ");
    }
    timing.append("total;dur=");
    TimelineJson.appendMillis(answer.nanos(), timing);
    return timing.toString();
  }

  /** The declared views, without URLs, addresses and headers of sources. */
  static Buffer list(Collection<View> views) {
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
