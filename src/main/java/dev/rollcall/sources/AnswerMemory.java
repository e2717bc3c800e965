package dev.rollcall.sources;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.config.sources.SourceSettings;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a source that may be used again: while they are fresh, and stale for a time while
 * a new one is fetched, or where that fails. Bounded in bytes. Safe for use by all threads.
 */
final class AnswerMemory {
  /** About what an entry takes beside its answer, in bytes. */
  private static final int ENTRY = 256;

  /**
   * An answer.
   *
   * @param at when it came, on the clock of {@link System#nanoTime()}
   */
  record Kept(SourceReply reply, long at) {
    private long nanos() {
      return Math.max(0, System.nanoTime() - at);
    }

    private int size() {
      Buffer value = reply.value();
      return ENTRY + (value == null ? 0 : value.length());
    }

    /** What whoever asks gets of it, after so many attempts at a newer one. */
    Fetch.Outcome outcome(int attempts, boolean stale) {
      return new Fetch.Outcome(reply, attempts, TimeUnit.NANOSECONDS.toSeconds(nanos()), stale);
    }
  }

  private final long fresh;
  private final long staleWhileRevalidate;
  private final long staleIfError;
  private final Cache<SourceQuery.Key, Kept> answers;

  private AnswerMemory(SourceSettings settings) {
    fresh = settings.maxAge().toNanos();
    staleWhileRevalidate = fresh + settings.staleWhileRevalidate().toNanos();
    staleIfError = fresh + settings.staleIfError().toNanos();
    answers =
        Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofNanos(Math.max(staleWhileRevalidate, staleIfError)))
            .maximumWeight(settings.cacheLimit())
            .<SourceQuery.Key, Kept>weigher((key, kept) -> key.size() + kept.size())
            .build();
  }

  /** Null where nothing is kept. */
  static @Nullable AnswerMemory of(SourceSettings settings) {
    return settings.maxAge().isZero() ? null : new AnswerMemory(settings);
  }

  /** An answer that may be used while a new one is fetched, if it is not fresh. */
  @Nullable Kept get(SourceQuery.Key key) {
    Kept kept = answers.getIfPresent(key);
    return kept == null || kept.nanos() >= staleWhileRevalidate ? null : kept;
  }

  boolean isFresh(Kept kept) {
    return kept.nanos() < fresh;
  }

  /**
   * An answer instead of a failure that a newer one may well mend: the source breaks, is late or is
   * left alone. An answer that can't be used is none of these.
   */
  @Nullable Kept insteadOf(SourceReply failure, SourceQuery.Key key) {
    return switch (failure.ending()) {
      case BROKEN, LATE, REFUSED -> {
        Kept kept = answers.getIfPresent(key);
        yield kept == null || kept.nanos() >= staleIfError ? null : kept;
      }
      case OK, ABSENT, REJECTED -> null;
    };
  }

  /** Keeps an answer. */
  void put(SourceQuery.Key key, SourceReply answer) {
    answers.put(key, new Kept(answer, System.nanoTime()));
  }
}
