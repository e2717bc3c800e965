package dev.rollcall.wire;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Names requests, so that logs and sources can tell them apart. Belongs to one event loop. */
public final class RequestIds {

  private final String prefix = prefix();

  private long requests;

  /** What names begin with; random, so that instances, nodes and runs do not share one. */
  public static String prefix() {
    return Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + '-';
  }

  /** The id that a client gave its request where that is harmless, else one of ours. */
  public String of(@Nullable String given) {
    return given != null && RequestHeaders.isRequestId(given)
        ? given
        : prefix + Long.toString(requests++, 36);
  }
}
