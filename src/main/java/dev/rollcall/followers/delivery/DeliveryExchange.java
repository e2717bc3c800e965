package dev.rollcall.followers.delivery;

import dev.rollcall.base.RetryAfter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One delivery on its way. Belongs to one event loop. */
public final class DeliveryExchange {
  /** What is read of an answer. */
  private static final long MOST_BYTES = 64 << 10;

  /** No receiver has a user wait longer than the longest pause between attempts. */
  private static final long LONGEST_WAIT = TimeUnit.HOURS.toMillis(10);

  private final Vertx vertx;
  private final HttpClient client;
  private final Buffer body;
  private final Promise<DeliveryAnswer> answer = Promise.promise();
  private final long start = System.nanoTime();
  private final long timer;
  private @Nullable HttpClientRequest request;
  private boolean ended;
  private long received;

  /**
   * One whose time runs from now on, 15 s.
   *
   * @param body empty for none
   */
  public DeliveryExchange(Vertx vertx, HttpClient client, Buffer body) {
    this(vertx, client, body, DeliveryClient.MILLIS);
  }

  DeliveryExchange(Vertx vertx, HttpClient client, Buffer body, long millis) {
    this.vertx = vertx;
    this.client = client;
    this.body = body;
    this.timer =
        vertx.setTimer(
            millis,
            late ->
                fail("no whole answer within " + TimeUnit.MILLISECONDS.toSeconds(millis) + " s"));
  }

  /** How it ended; never fails. */
  public Future<DeliveryAnswer> answer() {
    return answer.future();
  }

  /** Sends it, unless its time is over. */
  public void send(RequestOptions options) {
    if (!ended) {
      client.request(options).onComplete(this::connected, this::failed);
    }
  }

  private void connected(HttpClientRequest connected) {
    if (ended) {
      connected.reset();
      return;
    }
    request = connected;
    (body.length() == 0 ? connected.send() : connected.send(body))
        .onComplete(this::answered, this::failed);
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
