package dev.rollcall.budgets;

import dev.rollcall.base.ClientAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the clients at one address have of what all share. Safe for use by all threads.
 *
 * @param address where they are
 * @param bytes of their requests that are in memory
 * @param eighths how much of the budget their large requests may have, in eighths of it
 */
public record AddressShare(ClientAddress address, AtomicLong bytes, int eighths) {

  /** Of what comes over HTTP. */
  public static final int OVER_HTTP = 6;

  /**
   * Of what comes over the event bus, and of what comes to a bridge: half as much, since a message
   * of a bridge is in memory as the bridge has it and as its receiver has it.
   */
  public static final int OVER_BUS = 3;

  /** Of an address that holds nothing. */
  public AddressShare(ClientAddress address, int eighths) {
    this(address, new AtomicLong(), eighths);
  }
}
