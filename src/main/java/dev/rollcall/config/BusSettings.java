package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Section;

/** What is served over the event bus. */
public record BusSettings(int inFlightLimit, BridgeSettings bridge) {
  private static final Key<Integer> IN_FLIGHT =
      Key.integer("bus.inFlightLimit", 2_000, 1, 1_000_000);

  public BusSettings {
    IN_FLIGHT.check(inFlightLimit);
  }

  static BusSettings from(Section section) {
    return new BusSettings(IN_FLIGHT.read(section), BridgeSettings.from(section.section("bridge")));
  }
}
