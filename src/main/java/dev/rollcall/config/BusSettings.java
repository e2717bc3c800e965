package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;

/**
 * What is served over the event bus.
 *
 * @param inFlightLimit messages at work at once
 * @param bridge the way in for those who are not on the bus themselves
 */
public record BusSettings(int inFlightLimit, BridgeSettings bridge) {

  private static final Key<Integer> IN_FLIGHT =
      Key.of("bus.inFlightLimit", 2_000, Rule.integer(1, 1_000_000));

  public BusSettings {
    IN_FLIGHT.check(inFlightLimit);
  }

  static BusSettings from(Section section) {
    return new BusSettings(IN_FLIGHT.read(section), BridgeSettings.from(section.section("bridge")));
  }
}
