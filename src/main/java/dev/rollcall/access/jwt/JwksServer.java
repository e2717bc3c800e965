package dev.rollcall.access.jwt;

import dev.rollcall.base.BoundedBody;
import dev.rollcall.base.FetchClient;
import dev.rollcall.config.sources.UrlTemplate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.codec.BodyCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JWKS with a server. What the server may take is bounded: time, bytes, and where it leads, since
 * redirects are not followed.
 *
 * @param url http or https, without variables
 * @param trust a PEM file of the authorities that https trusts instead of those of the JVM
 */
record JwksServer(Vertx vertx, UrlTemplate url, Optional<Path> trust) implements JwksSource {
  /** From the connection to the last byte: a server may not send one byte now and then. */
  private static final int LONGEST_SECONDS = 5;

  private static final Duration SHORTEST_FRESH = Duration.ofMinutes(5);
  private static final Duration USUAL_FRESH = Duration.ofMinutes(15);
  private static final Duration LONGEST_FRESH = Duration.ofHours(24);

  private static final Pattern MAX_AGE =
      Pattern.compile("(?i)(?:^|[,\\s])max-age\\s*=\\s*\"?([0-9]{1,9})");

  private static final Pattern NOT_KEPT = Pattern.compile("(?i)\\bno-(?:store|cache)\\b");

  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)localhost\\.?|127(?:\\.[0-9]+){3}|\\[::1]");

  private static final Logger LOG = LoggerFactory.getLogger(JwksServer.class);

  @Override
  public Future<Void> check() {
    return vertx.executeBlocking(
        () -> {
          if (!url.tls() && !LOOPBACK.matcher(url.host()).matches()) {
            LOG.warn(
                "The keys of an issuer come from {} in clear text: whoever is in between can make"
                    + " tokens",
                url.host());
          }
          if (trust.isPresent()) {
            try {
              new PemTrustOptions()
                  .addCertPath(trust.get().toString())
                  .getTrustManagerFactory(vertx);
            } catch (Exception e) {
              throw new IOException(
                  "trust: " + trust.get() + " can't be read, or is no PEM of certificates", e);
            }
          }
          return null;
        },
        false);
  }

  @Override
  public Future<Fetched> fetch() {
    WebClient client = FetchClient.create(vertx, trust, LONGEST_SECONDS);
    BoundedBody body = new BoundedBody(LARGEST);
    return client
        .requestAbs(HttpMethod.GET, url.toString())
        .putHeader(HttpHeaders.ACCEPT.toString(), "application/jwk-set+json, application/json")
        .as(BodyCodec.pipe(body))
        .send()
        .timeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .onComplete(ended -> client.close())
        .recover(fault -> Future.failedFuture(new IOException(reason(fault), fault)))
        .compose(response -> fetched(response, body.content()));
  }

  private static Future<Fetched> fetched(HttpResponse<Void> response, Buffer content) {
    if (response.statusCode() != 200) {
      return Future.failedFuture(new IOException("its server answers " + response.statusCode()));
    }
    return Future.succeededFuture(
        new Fetched(content, fresh(response.getHeader(HttpHeaders.CACHE_CONTROL.toString()))));
  }

  /** What its server says, within bounds: fetched too often it is a burden, too seldom stale. */
  private static long fresh(String cacheControl) {
    Duration fresh = USUAL_FRESH;
    if (cacheControl != null) {
      Matcher maxAge = MAX_AGE.matcher(cacheControl);
      if (NOT_KEPT.matcher(cacheControl).find()) {
        fresh = SHORTEST_FRESH;
      } else if (maxAge.find()) {
        fresh = Duration.ofSeconds(Long.parseLong(maxAge.group(1)));
      }
    }
    return Math.min(
        Math.max(fresh.toMillis(), SHORTEST_FRESH.toMillis()), LONGEST_FRESH.toMillis());
  }

  /** In our own words: a library's message may quote the URL. */
  private static String reason(Throwable fault) {
    if (BoundedBody.isExceeded(fault)) {
      return "its server's answer is larger than 1MiB";
    }
    if (fault instanceof TimeoutException) {
      return "its server does not answer within " + LONGEST_SECONDS + " s";
    }
    return "its server can't be asked: " + fault.getClass().getSimpleName();
  }
}
