package dev.rollcall.sources;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;

/**
 * An answer that may be used again.
 *
 * @param at when it came, on the clock of {@link System#nanoTime()}
 */
record KeptAnswer(SourceReply reply, long at) {
  /** About what an entry of the cache takes beside its answer, in bytes. */
  private static final int ENTRY = 256;

  /** How old it is, in whole seconds. */
  long age() {
    return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, System.nanoTime() - at));
  }

  /** About how many bytes it takes, with its entry. */
  int size() {
    Buffer value = reply.value();
    return ENTRY + (value == null ? 0 : value.length());
  }
}
