package dev.rollcall.followers.webhooks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of the system, set forward. */
public final class MovedClock extends Clock {
  private volatile Duration moved = Duration.ZERO;

  public void move(Duration by) {
    moved = moved.plus(by);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(moved);
  }
}
