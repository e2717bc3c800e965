package dev.rollcall.wire;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Names requests for logs and sources. Belongs to one event loop. */
public final class RequestIds {
  private final String prefix = prefix();
  private long requests;

  /** A random prefix of names, so that instances, nodes and runs do not share them. */
  public static String prefix() {
    return Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + '-';
  }

  /** The client's own id where that is harmless, else one of ours. */
  public String of(@Nullable String given) {
    return given != null && RequestHeaders.isRequestId(given)
        ? given
        : prefix + Long.toString(requests++, 36);
  }
}
