package dev.rollcall.sources.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.BoundedBody;
import dev.rollcall.base.Failure;
import dev.rollcall.base.FetchClient;
import dev.rollcall.config.sources.TokenSettings;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Asks a token endpoint by client credentials. What it may take is bounded: time, bytes, and where
 * it leads, since redirects are not followed. Safe for use by all threads.
 */
final class TokenEndpoint {
  /** From the connection to the last byte. */
  private static final int LONGEST_SECONDS = 5;

  private static final int LARGEST = 64 * 1024;

  /** The errors of RFC 6749, 5.2, and others of that form: a word, not a text. */
  private static final Pattern ERROR = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  private final Vertx vertx;
  private final TokenSettings settings;
  private final Optional<Path> trust;

  /** Whether the endpoint wants the credentials in the body, since it knows no other way. */
  private volatile boolean inBody;

  TokenEndpoint(Vertx vertx, TokenSettings settings, Optional<Path> trust) {
    this.vertx = vertx;
    this.settings = settings;
    this.trust = trust;
  }

  /**
   * Asks for a token, with the credentials where RFC 6749, 2.3.1, has them first: in the header.
   * Where that is refused they stand in the body, as many servers want it.
   *
   * @return fails with a {@link TokenFailure}
   */
  Future<IssuedToken> fetch() {
    boolean body = inBody;
    return fetch(body)
        .recover(
            failure -> {
              if (body || !(failure instanceof Refused)) {
                return Future.failedFuture(failure);
              }
              return fetch(true)
                  .onSuccess(token -> inBody = true)
                  .recover(again -> Future.failedFuture(failure));
            })
        .recover(failure -> Future.failedFuture(new TokenFailure(reason(failure))));
  }

  /** The credentials were refused, or not found. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  private Future<IssuedToken> fetch(boolean body) {
    WebClient client = FetchClient.create(vertx, trust, LONGEST_SECONDS);
    BoundedBody content = new BoundedBody(LARGEST);
    var request =
        client
            .postAbs(settings.url().toString())
            .putHeader(HttpHeaders.ACCEPT.toString(), "application/json")
            .putHeader(HttpHeaders.CONTENT_TYPE.toString(), "application/x-www-form-urlencoded");
    if (!body) {
      request.putHeader(HttpHeaders.AUTHORIZATION.toString(), basic());
    }
    return request
        .as(BodyCodec.pipe(content))
        .sendBuffer(form(body))
        .timeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .onComplete(ended -> client.close())
        .map(response -> token(response, content.content().getBytes()));
  }

  private String basic() {
    String pair = encoded(settings.clientId()) + ":" + encoded(settings.clientSecret());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  private Buffer form(boolean credentials) {
    StringBuilder form = new StringBuilder("grant_type=client_credentials");
    settings.scope().ifPresent(scope -> form.append("&scope=").append(encoded(scope)));
    if (credentials) {
      form.append("&client_id=").append(encoded(settings.clientId()));
      form.append("&client_secret=").append(encoded(settings.clientSecret()));
    }
    return Buffer.buffer(form.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static IssuedToken token(HttpResponse<Void> response, byte[] body) {
    int status = response.statusCode();
    if (status == 200) {
      return IssuedToken.of(body);
    }
    String why = "its server answers " + status + error(body);
    if (status == 400 || status == 401) {
      throw new Refused(why);
    }
    throw new TokenFailure(why);
  }

  /** The error in a body, in brackets; nothing where there is none of that form. */
  private static String error(byte[] body) {
    try {
      JsonNode error = StrictJson.read(body).path("error");
      return error.isTextual() && ERROR.matcher(error.asText()).matches()
          ? " (" + error.asText() + ")"
          : "";
    } catch (Failure e) {
      return "";
    }
  }

  /** In our own words: a library's message may quote the URL. */
  private static String reason(Throwable failure) {
    if (failure instanceof TokenFailure || failure instanceof Refused) {
      return String.valueOf(failure.getMessage());
    }
    if (BoundedBody.isExceeded(failure)) {
      return "its server's answer is larger than 64KiB";
    }
    if (failure instanceof TimeoutException) {
      return "its server does not answer within " + LONGEST_SECONDS + " s";
    }
    return "its server can't be asked";
  }
}
