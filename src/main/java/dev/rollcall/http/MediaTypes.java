package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** What a body is, and what a client would like to get. */
final class MediaTypes {

  static final String JSON = "application/json";
  static final String MERGE_PATCH = "application/merge-patch+json";
  static final String NDJSON = "application/x-ndjson";
  private static final String EVENT_STREAM = "text/event-stream";

  private MediaTypes() {}

  /**
   * Refuses a body of a type that is not wanted, of another charset than UTF-8, or encoded.
   *
   * @param allowed media types in lower case
   */
  static void require(MultiMap headers, List<String> allowed) {
    List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
    if (types.size() != 1 || !isOneOf(types.get(0), allowed)) {
      throw Failure.of(
          Kind.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type must be " + String.join(" or ", allowed) + ", in UTF-8");
    }
    for (String coding : headers.getAll(HttpHeaders.CONTENT_ENCODING)) {
      if (!coding.strip().equalsIgnoreCase("identity")) {
        throw Failure.of(
            Kind.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding must be identity, or left out");
      }
    }
  }

  private static boolean isOneOf(String type, List<String> allowed) {
    int semicolon = type.indexOf(';');
    String essence = semicolon < 0 ? type : type.substring(0, semicolon);
    if (!allowed.contains(essence.strip().toLowerCase(Locale.ROOT))) {
      return false;
    }
    return semicolon < 0 || isUtf8(type.substring(semicolon + 1));
  }

  private static boolean isUtf8(String parameters) {
    for (String parameter : parameters.split(";", -1)) {
      String plain = parameter.strip().toLowerCase(Locale.ROOT);
      boolean known =
          plain.isEmpty() || plain.equals("charset=utf-8") || plain.equals("charset=\"utf-8\"");
      if (!known) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a client would rather have events than JSON (RFC 9110, 12.5.1): it names them, with a
   * weight that is above that of JSON, or equal and named first.
   */
  static boolean prefersEvents(MultiMap headers) {
    if (!headers.contains(HttpHeaders.ACCEPT)) {
      return false;
    }
    double events = 0;
    double json = -1;
    double application = -1;
    double anything = -1;
    boolean jsonFirst = false;
    for (String range : String.join(",", headers.getAll(HttpHeaders.ACCEPT)).split(",", -1)) {
      int semicolon = range.indexOf(';');
      String type = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
      double weight = semicolon < 0 ? 1 : weight(range.substring(semicolon + 1));
      switch (type.toLowerCase(Locale.ROOT)) {
        case EVENT_STREAM -> events = weight;
        case JSON -> {
          json = weight;
          jsonFirst = events == 0;
        }
        case "application/*" -> application = weight;
        case "*/*" -> anything = weight;
        default -> {}
      }
    }
    double rival = json >= 0 ? json : application >= 0 ? application : anything;
    return events > 0 && (events > rival || (events == rival && !jsonFirst));
  }

  private static double weight(String parameters) {
    for (String parameter : parameters.split(";", -1)) {
      String plain = parameter.strip().toLowerCase(Locale.ROOT);
      if (plain.startsWith("q=")) {
        try {
          double weight = Double.parseDouble(plain.substring(2));
          return weight >= 0 && weight <= 1 ? weight : 0;
        } catch (NumberFormatException e) {
          // What can't be read is not asked for.
          return 0;
        }
      }
    }
    return 1;
  }
}
