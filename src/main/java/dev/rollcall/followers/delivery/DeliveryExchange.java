package dev.rollcall.followers.delivery;

import dev.rollcall.base.RetryAfter;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One delivery on its way. Belongs to one event loop. */
final class DeliveryExchange {
  /** What is read of an answer. */
  private static final long MOST_BYTES = 64 << 10;

  /** No receiver has a user wait longer than the longest pause between attempts. */
  private static final long LONGEST_WAIT = TimeUnit.HOURS.toMillis(10);

  private final Vertx vertx;
  private final HttpClient client;
  private final DeliveryTarget target;
  private final MultiMap headers;
  private final Buffer body;
  private final Promise<DeliveryAnswer> answer = Promise.promise();
  private final long start = System.nanoTime();
  private final long timer;
  private @Nullable HttpClientRequest request;
  private boolean ended;
  private long received;

  DeliveryExchange(
      Vertx vertx, HttpClient client, DeliveryTarget target, MultiMap headers, Buffer body) {
    this.vertx = vertx;
    this.client = client;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.timer = vertx.setTimer(DeliveryClient.MILLIS, late -> fail("no whole answer within 15 s"));
  }

  Future<DeliveryAnswer> answer() {
    return answer.future();
  }

  /** Sends it to an address, which the name of the host does not matter to. */
  void send(InetAddress address) {
    if (ended) {
      return;
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()))
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.tls())
            .setURI(target.path())
            .setFollowRedirects(false)
            .setHeaders(headers);
    client.request(options).onComplete(this::connected, this::failed);
  }

  private void connected(HttpClientRequest connected) {
    if (ended) {
      connected.reset();
      return;
    }
    request = connected;
    connected.send(body).onComplete(this::answered, this::failed);
  }

  private void answered(HttpClientResponse response) {
    response.exceptionHandler(this::failed);
    response.handler(
        part -> {
          received += part.length();
          if (received > MOST_BYTES) {
            fail("answered more than 64 KiB");
          }
        });
    response.endHandler(end -> whole(response));
  }

  private void whole(HttpClientResponse response) {
    int status = response.statusCode();
    String asked = response.getHeader(HttpHeaders.RETRY_AFTER);
    end(
        status,
        status / 100 == 2 ? null : "answered " + status,
        RetryAfter.millis(asked == null ? null : asked.strip(), Instant.now(), LONGEST_WAIT));
  }

  private void failed(Throwable fault) {
    fail(
        fault instanceof SSLException || fault.getCause() instanceof SSLException
            ? "TLS failed"
            : request == null ? "no connection" : "the connection broke");
  }

  /** Ends it without an answer, and lets go of what was begun. */
  void fail(String error) {
    HttpClientRequest begun = request;
    boolean first = !ended;
    end(0, error, 0);
    if (first && begun != null) {
      begun.reset();
    }
  }

  private void end(int status, @Nullable String error, long retryAfter) {
    if (ended) {
      return;
    }
    ended = true;
    vertx.cancelTimer(timer);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    answer.complete(new DeliveryAnswer(status, error, retryAfter, millis));
  }
}
