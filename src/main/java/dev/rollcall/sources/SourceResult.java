package dev.rollcall.sources;

import dev.rollcall.sources.cache.CacheReport;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How one source ended within a view's answer.
 *
 * @param source its name
 * @param nanos since it was to be asked first, or 0
 * @param attempts 0 for an answer from memory
 * @param age how old an answer from memory is, in seconds; {@link #NEW} for all else
 * @param stale whether it is older than it should be
 * @param value valid JSON without line breaks; null unless {@code OK}
 * @param detail a sentence for the client; null where there is nothing to say
 * @param timeline the attempts at its answer
 * @param caches what caches had to do with its answer; null where there is nothing to tell
 */
public record SourceResult(
    String source,
    SourceStatus status,
    long nanos,
    int attempts,
    long age,
    boolean stale,
    @Nullable Buffer value,
    @Nullable String detail,
    Timeline timeline,
    @Nullable CacheReport caches) {
  /** The age of what is not from memory. */
  public static final long NEW = -1;

  /** Whether it is an answer from memory. */
  public boolean isCached() {
    return age != NEW;
  }
}
