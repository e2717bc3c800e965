package dev.rollcall.sources.cache;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the memory of a source's answers had to do with one of them.
 *
 * @param ttl for how many seconds more it is fresh; below 0 where it is stale
 * @param status that of what the source answered now; 0 where it was not asked or did not answer
 * @param refusal why its answer is not kept; null where it is, or where none came
 */
public record CacheUse(Kind kind, long ttl, int status, @Nullable String refusal) {
  private static final int NOT_MODIFIED = 304;

  /** How it came to the answer. */
  public enum Kind {
    /** From memory, without waiting for the source. */
    HIT,
    /** There was none, so the source was asked. */
    MISS,
    /** There was an old one, so the source was asked. */
    STALE,
    /** There was an old one, which is used since the source has none that is newer. */
    INSTEAD
  }

  /** One from memory. */
  public static CacheUse hit(Freshness freshness, long since) {
    return new CacheUse(Kind.HIT, ttl(freshness, since), 0, null);
  }

  /** An old one from memory instead of a failure with this status. */
  public static CacheUse instead(Freshness freshness, long since, int status) {
    return new CacheUse(Kind.INSTEAD, ttl(freshness, since), status, null);
  }

  /**
   * One that the source was asked for.
   *
   * @param isKnown whether there was an older one
   */
  public static CacheUse asked(
      boolean isKnown, @Nullable CacheFields fields, @Nullable String refusal) {
    int status = fields == null ? 0 : fields.confirmed() ? NOT_MODIFIED : fields.status();
    return new CacheUse(isKnown ? Kind.STALE : Kind.MISS, 0, status, refusal);
  }

  private static long ttl(Freshness freshness, long since) {
    // Rounded down, so that what is no longer fresh is below 0.
    return Math.floorDiv(freshness.lifetime() - freshness.age(since), TimeUnit.SECONDS.toNanos(1));
  }
}
