package dev.rollcall.sources.bus;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.config.sources.Variables;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.ForwardedHeaders;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.JsonIntake;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.TraceContext;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests to sources between processes: {@code {"id":42,"needs":{…},"values":{…}}}, the rest in
 * headers. {@code needs} and {@code values} may be left out where they are empty.
 */
final class SourceMessages {
  private static final String NEEDS = "needs";
  private static final String VALUES = "values";
  private static final Set<String> MEMBERS = Set.of(SourceRequest.ID, NEEDS, VALUES);

  /** A request id that may be passed on as an HTTP header. */
  private static final Predicate<String> PLAIN = Pattern.compile("[!-~]{1,256}").asMatchPredicate();

  private static final Predicate<String> COUNT =
      Pattern.compile("[1-9][0-9]{0,14}").asMatchPredicate();

  private SourceMessages() {}

  /** The body of a message. Numbers in needs may lose their form. */
  static JsonObject encode(SourceRequest request) {
    JsonObject needs = new JsonObject();
    request.needs().forEach((source, answer) -> needs.put(source, Json.decodeValue(answer)));
    JsonObject body = new JsonObject().put(SourceRequest.ID, request.id()).put(NEEDS, needs);
    JsonObject values = new JsonObject();
    request.values().forEach(values::put);
    values.remove(SourceRequest.ID);
    return values.isEmpty() ? body : body.put(VALUES, values);
  }

  /** The request in a message; throws a {@link Failure} of kind {@code INVALID} for none. */
  static SourceRequest decode(@Nullable Object body, MultiMap headers, SourceSettings settings) {
    if (!(body instanceof JsonObject object)) {
      throw Failure.invalid("", "a JSON object is expected");
    }
    if (!MEMBERS.containsAll(object.fieldNames())) {
      throw Failure.invalid("", "no other members than id, needs, values are expected");
    }
    String requestId = headers.get(Addresses.REQUEST_ID);
    return new SourceRequest(
        id(object),
        needs(object),
        values(object, settings),
        ForwardedHeaders.ofMessage(settings.target().forward(), headers),
        (int) Math.min(count(headers, Addresses.ATTEMPT, 1), Integer.MAX_VALUE),
        deadline(headers, settings.timeout()),
        new Cancellation(),
        new Caller(
            requestId != null && PLAIN.test(requestId) ? requestId : UUID.randomUUID().toString(),
            TraceContext.of(headers)));
  }

  private static long id(JsonObject body) {
    Object id = body.getValue(SourceRequest.ID);
    if (id == null || !JsonInteger.isWithin(id, 1, WholeNumber.MAX)) {
      throw Failure.invalid("/id", "an integer from 1 to " + WholeNumber.MAX + " is expected");
    }
    return JsonInteger.of(id);
  }

  private static Map<String, Buffer> needs(JsonObject body) {
    Map<String, Buffer> needs = new HashMap<>();
    object(body, NEEDS)
        .forEach(need -> needs.put(need.getKey(), Json.encodeToBuffer(need.getValue())));
    return Map.copyOf(needs);
  }

  private static Map<String, String> values(JsonObject body, SourceSettings settings) {
    JsonObject object = object(body, VALUES);
    Map<String, String> values = new HashMap<>();
    for (UrlTemplate url : settings.target().urls()) {
      texts(url.variables(), object, values);
    }
    settings
        .target()
        .body()
        .ifPresent(
            template -> {
              texts(template.texts(), object, values);
              template.alone().forEach(variable -> json(variable, object, values));
            });
    for (UrlTemplate url : settings.target().urls()) {
      if (url.misleads(name -> values.getOrDefault(name, SourceRequest.ID))) {
        throw Failure.invalid(
            "/values", "text without a segment . or .. is expected in the path of a URL");
      }
    }
    return Map.copyOf(values);
  }

  private static void texts(Set<String> variables, JsonObject object, Map<String, String> values) {
    for (String variable : variables) {
      if (!variable.equals(SourceRequest.ID)) {
        values.put(variable, value(object, variable));
      }
    }
  }

  /** A value that goes into a body as it is, so it must be JSON. */
  private static void json(String variable, JsonObject object, Map<String, String> values) {
    String name = Variables.asJson(variable);
    Buffer text = Buffer.buffer(value(object, name));
    try {
      values.put(name, JsonIntake.read(text, text.length()).toString());
    } catch (Failure e) {
      throw Failure.invalid("/values", "the text of a JSON value is expected for " + name);
    }
  }

  private static String value(JsonObject values, String variable) {
    if (values.getValue(variable) instanceof String text) {
      return text;
    }
    throw Failure.invalid("/values", "text is expected for " + variable);
  }

  private static JsonObject object(JsonObject body, String member) {
    Object value = body.getValue(member, new JsonObject());
    if (value instanceof JsonObject object) {
      return object;
    }
    throw Failure.invalid("/" + member, "an object is expected");
  }

  /** The source's timeout, unless less is left. */
  private static Deadline deadline(MultiMap headers, Duration timeout) {
    long left = count(headers, Addresses.DEADLINE_MS, Long.MAX_VALUE);
    return Deadline.in(Duration.ofMillis(Math.min(left, timeout.toMillis())));
  }

  private static long count(MultiMap headers, String name, long fallback) {
    String text = headers.get(name);
    if (text == null) {
      return fallback;
    }
    if (!COUNT.test(text)) {
      throw Failure.invalid("", name + ": an integer from 1 on is expected");
    }
    return Long.parseLong(text);
  }
}
