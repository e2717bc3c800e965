package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.users.UserSchema;
import java.time.Instant;

/**
 * An attempt at a delivery, which is written as JSON only where it is kept.
 *
 * @param id that of the message
 */
record DeliveryAttempt(Instant at, String id, DeliveryAnswer answer) {
  /** The line that is kept of it. */
  String line() {
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
