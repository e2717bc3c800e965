package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryClient;
import dev.rollcall.followers.delivery.DeliveryTarget;
import dev.rollcall.followers.delivery.Signatures;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Instant;

/** Sends messages of webhooks, each signed for its own. Belongs to one event loop. */
final class WebhookDelivery {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence AGENT = HttpHeaders.createOptimized("Rollcall-Webhooks");
  private static final CharSequence ID = HttpHeaders.createOptimized("webhook-id");
  private static final CharSequence TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
  private static final CharSequence SIGNATURE = HttpHeaders.createOptimized("webhook-signature");

  /** What is made ready once for all deliveries of a webhook as it is declared. */
  record Receiver(WebhookSpec spec, DeliveryTarget target, Signatures signatures) {
    static Receiver of(WebhookSpec spec) {
      return new Receiver(
          spec,
          DeliveryTarget.of(spec.url()),
          new Signatures(spec.secrets().stream().map(WebhookSecret::key).toList()));
    }
  }

  private final DeliveryClient client;
  private final Clock clock;

  WebhookDelivery(DeliveryClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Sends a change; never fails. */
  Future<DeliveryAttempt> send(Receiver to, ReadChange change) {
    return send(to, "chg_" + change.seq(), change.body(to.spec()));
  }

  /** Sends a message that tells of nothing. */
  Future<DeliveryAttempt> test(WebhookSpec to) {
    Instant now = clock.instant();
    return send(Receiver.of(to), "test_" + now.toEpochMilli(), WebhookMessage.test(to.name(), now));
  }

  private Future<DeliveryAttempt> send(Receiver to, String id, Buffer body) {
    Instant now = clock.instant();
    long seconds = now.getEpochSecond();
    MultiMap headers =
        HttpHeaders.headers()
            .set(HttpHeaders.CONTENT_TYPE, JSON)
            .set(HttpHeaders.USER_AGENT, AGENT)
            .set(ID, id)
            .set(TIMESTAMP, Long.toString(seconds))
            .set(SIGNATURE, to.signatures().of(id, seconds, body));
    return client
        .post(to.target(), headers, body)
        .map(answer -> new DeliveryAttempt(now, id, answer));
  }
}
