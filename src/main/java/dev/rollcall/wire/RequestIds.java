package dev.rollcall.wire;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Names requests, so that logs and sources can tell them apart. Belongs to one event loop. */
public final class RequestIds {

  /** What our own begin with; random, so that instances and runs do not share one. */
  private final String prefix =
      Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + '-';

  private long requests;

  /** The id that a client gave its request where that is harmless, else one of ours. */
  public String of(@Nullable String given) {
    return given != null && RequestHeaders.isRequestId(given)
        ? given
        : prefix + Long.toString(requests++, 36);
  }
}
