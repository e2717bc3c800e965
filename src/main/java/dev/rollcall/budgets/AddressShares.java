package dev.rollcall.budgets;

import dev.rollcall.base.ClientAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How many connections each address has. It knows of those that have any. Safe for use by all
 * threads.
 */
public final class AddressShares {

  private record Entry(AddressShare share, int connections) {}

  private final ConcurrentMap<ClientAddress, Entry> entries = new ConcurrentHashMap<>();
  private final int eighths;

  /**
   * Of no connections.
   *
   * @param eighths how much of the budget the large requests of one address may have
   */
  public AddressShares(int eighths) {
    this.eighths = eighths;
  }

  /** Counts a connection in; null, and nothing counted, where the address has so many already. */
  public @Nullable AddressShare connect(ClientAddress address, int limit) {
    AtomicReference<AddressShare> counted = new AtomicReference<>();
    entries.compute(
        address,
        (same, entry) -> {
          if (entry == null) {
            entry = new Entry(new AddressShare(address, eighths), 0);
          } else if (entry.connections >= limit) {
            return entry;
          }
          counted.set(entry.share);
          return new Entry(entry.share, entry.connections + 1);
        });
    return counted.get();
  }

  /** How many an address has. */
  public int connections(ClientAddress address) {
    Entry entry = entries.get(address);
    return entry == null ? 0 : entry.connections;
  }

  /** Counts a connection out. */
  public void disconnect(AddressShare share) {
    entries.computeIfPresent(
        share.address(),
        (same, entry) ->
            entry.connections == 1 ? null : new Entry(entry.share, entry.connections - 1));
  }
}
