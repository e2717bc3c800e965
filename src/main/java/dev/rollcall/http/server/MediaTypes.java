package dev.rollcall.http.server;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.ServerSentEvents;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a body is, and what a client would like to get. */
public final class MediaTypes {

  private static final String JSON = "application/json";
  private static final String HTML = "text/html";
  private static final String IDENTITY = "identity";
  private static final String GZIP = "gzip";

  /** One parameter with the semicolon in front of it, or a semicolon alone (RFC 9110, 5.6.6). */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "[ \\t]*+;[ \\t]*+(?:(?<name>TOKEN)=(?:(?<value>TOKEN)|\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"))?+[ \\t]*+"
              .replace("TOKEN", "[\\w!#$%&'*+.^`|~-]++"));

  private static final Pattern QUOTED_PAIR = Pattern.compile("\\\\(.)");

  private MediaTypes() {}

  /**
   * Refuses a body of a type that is not wanted, of another charset than UTF-8, or encoded; the
   * answer then says what is taken (RFC 9110, 15.5.16, and for patches RFC 5789, 2.2).
   *
   * @param allowed media types in lower case
   */
  public static void require(Exchange exchange, List<String> allowed) {
    MultiMap headers = exchange.requestHeaders();
    List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
    if (types.size() != 1 || !isOneOf(types.get(0), allowed)) {
      String taken = String.join(", ", allowed);
      exchange.response().putHeader(HttpHeaders.ACCEPT, taken);
      if (HttpMethod.PATCH.equals(exchange.request().method())) {
        exchange.response().putHeader(HttpHeaderNames.ACCEPT_PATCH, taken);
      }
      throw Failure.of(
          Kind.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type must be " + String.join(" or ", allowed) + ", in UTF-8");
    }
    for (String coding : headers.getAll(HttpHeaders.CONTENT_ENCODING)) {
      if (!coding.strip().equalsIgnoreCase(IDENTITY)) {
        exchange.response().putHeader(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
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
    return semicolon < 0 || isUtf8(type.substring(semicolon));
  }

  /**
   * Whether parameters name no other charset. Those that are not known are passed over (RFC 2045,
   * 5); what has not the form of parameters may hide one, and is none.
   */
  private static boolean isUtf8(String parameters) {
    Matcher parameter = PARAMETER.matcher(parameters);
    int end = 0;
    while (end < parameters.length() && parameter.find() && parameter.start() == end) {
      end = parameter.end();
      String name = parameter.group("name");
      if (name != null && name.equalsIgnoreCase("charset")) {
        String quoted = parameter.group("quoted");
        String value =
            quoted == null
                ? parameter.group("value")
                : QUOTED_PAIR.matcher(quoted).replaceAll("$1");
        if (!value.equalsIgnoreCase("utf-8")) {
          return false;
        }
      }
    }
    return end == parameters.length();
  }

  /** Whether a client would rather have events than JSON. */
  public static boolean prefersEvents(MultiMap headers) {
    return prefers(headers, ServerSentEvents.TYPE);
  }

  /** Whether a client would rather have a page than JSON, as browsers do. */
  public static boolean prefersPages(MultiMap headers) {
    return prefers(headers, HTML);
  }

  /**
   * Whether a client would rather have one type than JSON (RFC 9110, 12.5.1): it names it, with a
   * weight that is above that of JSON, or equal and named first.
   */
  private static boolean prefers(MultiMap headers, String other) {
    List<String> accepted = headers.getAll(HttpHeaders.ACCEPT);
    if (!mentions(accepted, other)) {
      return false;
    }
    double wanted = 0;
    double json = -1;
    double application = -1;
    double anything = -1;
    boolean jsonFirst = false;
    for (String range : String.join(",", accepted).split(",", -1)) {
      int semicolon = range.indexOf(';');
      String type = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
      double weight = semicolon < 0 ? 1 : weight(range.substring(semicolon + 1));
      switch (type.toLowerCase(Locale.ROOT)) {
        case JSON -> {
          json = weight;
          jsonFirst = wanted == 0;
        }
        case "application/*" -> application = weight;
        case "*/*" -> anything = weight;
        default -> wanted = type.equalsIgnoreCase(other) ? weight : wanted;
      }
    }
    double ofJson = json >= 0 ? json : application >= 0 ? application : anything;
    return wanted > 0 && (wanted > ofJson || (wanted == ofJson && !jsonFirst));
  }

  /** Whether a client takes what is compressed by gzip (RFC 9110, 12.5.3). */
  public static boolean takesGzip(MultiMap headers) {
    double gzip = -1;
    double anything = 0;
    for (String coding :
        String.join(",", headers.getAll(HttpHeaders.ACCEPT_ENCODING)).split(",", -1)) {
      int semicolon = coding.indexOf(';');
      String name = (semicolon < 0 ? coding : coding.substring(0, semicolon)).strip();
      double weight = semicolon < 0 ? 1 : weight(coding.substring(semicolon + 1));
      if (name.equalsIgnoreCase(GZIP)) {
        gzip = weight;
      } else if (name.equals("*")) {
        anything = weight;
      }
    }
    return gzip >= 0 ? gzip > 0 : anything > 0;
  }

  /** Whether a type is named at all, which nearly no request for users does. */
  private static boolean mentions(List<String> accepted, String type) {
    for (String field : accepted) {
      if (field.length() >= type.length() && field.toLowerCase(Locale.ROOT).contains(type)) {
        return true;
      }
    }
    return false;
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
