package dev.rollcall.budgets;

import dev.rollcall.base.ClientAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the clients at one address have of what all share. Safe for use by all threads.
 *
 * @param address where they are
 * @param bytes of their requests that are in memory
 */
public record AddressShare(ClientAddress address, AtomicLong bytes) {

  /** Of an address that holds nothing. */
  public AddressShare(ClientAddress address) {
    this(address, new AtomicLong());
  }
}
