package dev.rollcall.sources.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.wire.StrictJson;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A token as it was issued.
 *
 * @param text what goes behind {@code Bearer}
 * @param nanos how long it holds from its arrival
 */
record IssuedToken(String text, long nanos) {
  /** Of a token whose answer does not say it. */
  private static final long USUAL_SECONDS = 300;

  private static final long MOST_SECONDS = TimeUnit.DAYS.toSeconds(1);

  /** RFC 6750, 2.1. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,16384}=*");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");

  /** The token in a body; throws a {@link TokenFailure} for none. */
  static IssuedToken of(byte[] body) {
    JsonNode json = json(body);
    JsonNode token = json.path("access_token");
    if (!token.isTextual() || !TOKEN.matcher(token.asText()).matches()) {
      throw new TokenFailure("an answer without a token that a header can have");
    }
    JsonNode type = json.path("token_type");
    if (!type.isMissingNode() && !type.asText().toLowerCase(Locale.ROOT).equals("bearer")) {
      throw new TokenFailure("a token that is no bearer token");
    }
    return new IssuedToken(
        token.asText(), TimeUnit.SECONDS.toNanos(seconds(json.path("expires_in"))));
  }

  private static JsonNode json(byte[] body) {
    try {
      return StrictJson.read(body);
    } catch (Failure e) {
      throw new TokenFailure("an answer that is not JSON");
    }
  }

  /** A number, which some servers write as text. */
  private static long seconds(JsonNode expires) {
    if (expires.isMissingNode() || expires.isNull()) {
      return USUAL_SECONDS;
    }
    String text = expires.asText();
    if (!expires.isValueNode() || !NUMBER.matcher(text).matches()) {
      throw new TokenFailure("an answer whose expires_in is no whole number");
    }
    return Math.min(MOST_SECONDS, Long.parseLong(text));
  }

  @Override
  public String toString() {
    return "a token"; // It is a secret.
  }
}
