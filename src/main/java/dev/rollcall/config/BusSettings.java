package dev.rollcall.config;

/**
 * What is served over the event bus.
 *
 * @param inFlightLimit messages at work at once; 1 to 1,000,000, default 2000
 * @param bridge the way in for those who are not on the bus themselves
 */
public record BusSettings(int inFlightLimit, BridgeSettings bridge) {

  private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);

  public BusSettings {
    COUNT.check("bus.inFlightLimit", inFlightLimit);
  }

  static BusSettings from(Section section) {
    return new BusSettings(
        section.get("inFlightLimit", 2_000, COUNT), BridgeSettings.from(section.section("bridge")));
  }
}
