package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.followers.delivery.DeliveryClient;
import dev.rollcall.followers.delivery.Signatures;
import dev.rollcall.users.Change;
import dev.rollcall.users.UserSchema;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;

/** Sends messages of webhooks, each signed for its own. Belongs to one event loop. */
final class WebhookDelivery {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence AGENT = HttpHeaders.createOptimized("Rollcall-Webhooks");

  /** A message was sent; the attempt is the line of JSON that is kept of it. */
  record Sent(DeliveryAnswer answer, String attempt) {}

  private final DeliveryClient client;
  private final Clock clock;

  WebhookDelivery(DeliveryClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Sends a change; never fails. */
  Future<Sent> send(WebhookSpec to, Change change) {
    return send(to, "chg_" + change.seq(), WebhookMessage.of(change, to));
  }

  /** Sends a message that tells of nothing. */
  Future<Sent> test(WebhookSpec to) {
    Instant now = clock.instant();
    return send(to, "test_" + now.toEpochMilli(), WebhookMessage.test(to.name(), now));
  }

  private Future<Sent> send(WebhookSpec to, String id, Buffer body) {
    Instant now = clock.instant();
    long seconds = now.getEpochSecond();
    MultiMap headers =
        HttpHeaders.headers()
            .set(HttpHeaders.CONTENT_TYPE, JSON)
            .set(HttpHeaders.USER_AGENT, AGENT)
            .set("webhook-id", id)
            .set("webhook-timestamp", Long.toString(seconds))
            .set(
                "webhook-signature",
                Signatures.of(
                    to.secrets().stream().map(WebhookSecret::key).toList(), id, seconds, body));
    return client
        .post(URI.create(to.url()), headers, body)
        .map(answer -> new Sent(answer, attempt(id, now, answer)));
  }

  private static String attempt(String id, Instant at, DeliveryAnswer answer) {
    return UserSchema.write(
            json -> {
              json.writeStringField("at", UserSchema.TIME.format(at));
              json.writeStringField("id", id);
              if (answer.status() == 0) {
                json.writeNullField("status");
              } else {
                json.writeNumberField("status", answer.status());
              }
              json.writeNumberField("ms", answer.millis());
              json.writeStringField("error", answer.error());
            })
        .toString();
  }
}
