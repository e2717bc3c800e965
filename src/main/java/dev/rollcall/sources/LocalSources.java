package dev.rollcall.sources;

import dev.rollcall.wire.Addresses;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * On which event loops of this process each source is served. One for a process; safe for use by
 * all threads.
 */
public final class LocalSources {

  private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();

  /** The name of the event loop that this runs on. */
  static String loop() {
    return Thread.currentThread().getName();
  }

  /** A source is served on the event loop that this runs on. */
  void serve(String source) {
    addresses
        .computeIfAbsent(source, name -> new CopyOnWriteArrayList<>())
        .add(Addresses.source(source, loop()));
  }

  /** A source is no longer served on the event loop that this runs on. */
  void leave(String source) {
    List<String> served = addresses.get(source);
    if (served != null) {
      served.remove(Addresses.source(source, loop()));
    }
  }

  /**
   * The address at which a source is nearest: on this event loop, else on another one; null where
   * this process does not serve it.
   */
  @Nullable String nearest(String source) {
    List<String> served = addresses.get(source);
    if (served == null || served.isEmpty()) {
      return null;
    }
    String here = Addresses.source(source, loop());
    if (served.contains(here)) {
      return here;
    }
    Object[] all = served.toArray();
    return all.length == 0 ? null : (String) all[ThreadLocalRandom.current().nextInt(all.length)];
  }
}
