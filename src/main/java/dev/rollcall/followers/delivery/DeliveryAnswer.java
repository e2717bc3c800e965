package dev.rollcall.followers.delivery;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt at a delivery ended. What the receiver wrote is no part of it.
 *
 * @param status of the answer; 0 where there was none
 * @param error what was wrong, in words; null where it was taken
 * @param retryAfter how many milliseconds the receiver asks to be left alone; 0 where it does not
 * @param millis how long it took
 */
public record DeliveryAnswer(int status, @Nullable String error, long retryAfter, long millis) {
  private static final int GONE = 410;

  /** There was none, and it took no time. */
  public static DeliveryAnswer none(String error) {
    return new DeliveryAnswer(0, error, 0, 0);
  }

  /** Whether the receiver took it. */
  public boolean taken() {
    return error == null;
  }

  /** Whether the receiver wants nothing more. */
  public boolean gone() {
    return status == GONE;
  }
}
