package dev.rollcall.followers.webhooks;

import dev.rollcall.users.Change;
import dev.rollcall.users.UserSchema;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** The bodies of deliveries. */
final class WebhookMessage {
  private WebhookMessage() {}

  /** A change, with as much of it as its webhook gets. */
  static Buffer of(Change change, WebhookSpec to) {
    return UserSchema.write(
        json -> {
          json.writeStringField("type", "user." + change.kind().word());
          json.writeStringField("timestamp", UserSchema.TIME.format(change.at()));
          json.writeObjectFieldStart("data");
          json.writeNumberField("seq", change.seq());
          json.writeStringField("kind", change.kind().word());
          json.writeNumberField("id", change.id());
          json.writeNumberField("version", change.version());
          String user = change.user();
          if (to.withUser() && user != null) {
            json.writeFieldName("user");
            json.writeRawValue(user);
          }
          if (to.withBy()) {
            json.writeStringField("by", change.by()); // Null is written as such.
          }
          json.writeEndObject();
        });
  }

  /** One that tells of nothing. */
  static Buffer test(String webhook, Instant now) {
    return UserSchema.write(
        json -> {
          json.writeStringField("type", "webhook.test");
          json.writeStringField("timestamp", UserSchema.TIME.format(now));
          json.writeObjectFieldStart("data");
          json.writeStringField("webhook", webhook);
          json.writeEndObject();
        });
  }
}
