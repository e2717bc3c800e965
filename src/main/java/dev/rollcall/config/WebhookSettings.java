package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Section;
import java.util.List;

/**
 * Webhooks.
 *
 * @param allow networks that deliveries may go to beside public addresses
 * @param inFlight how many deliveries to one webhook are on their way at once
 */
public record WebhookSettings(List<String> allow, int inFlight) {
  private static final Key<List<String>> ALLOW =
      Key.list("webhooks.allow", List.of(), HostRules.NETWORKS);
  private static final Key<Integer> IN_FLIGHT = Key.integer("webhooks.inFlight", 20, 1, 1000);

  public WebhookSettings {
    ALLOW.check(allow);
    allow = List.copyOf(allow);
    IN_FLIGHT.check(inFlight);
  }

  static WebhookSettings from(Section section) {
    return new WebhookSettings(ALLOW.read(section), IN_FLIGHT.read(section));
  }
}
