package dev.rollcall.sources;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.cache.CacheFields;
import dev.rollcall.sources.cache.CacheRules;
import dev.rollcall.sources.cache.CacheUse;
import dev.rollcall.sources.cache.Freshness;
import dev.rollcall.sources.cache.Validators;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a source that may be used again: while they are fresh, and stale for a time while
 * a new one is fetched, or where that fails. For how long, the settings say, or each answer for
 * itself. Bounded in bytes. Safe for use by all threads.
 */
final class AnswerMemory {
  /** About what an entry takes beside its answer, in bytes. */
  private static final int ENTRY = 256;

  /** For how long an answer is kept that may be validated, after it can't be used otherwise. */
  private static final long VALIDATABLE = TimeUnit.DAYS.toNanos(1);

  /**
   * An answer.
   *
   * @param at when it came, on the clock of {@link System#nanoTime()}
   * @param validators by which the source can confirm it; null for none
   */
  record Kept(SourceReply reply, long at, Freshness freshness, @Nullable Validators validators) {
    private long nanos() {
      return System.nanoTime() - at;
    }

    private long keptFor() {
      return freshness.usableFor() + (validators == null ? 0 : VALIDATABLE);
    }

    private int size() {
      Buffer value = reply.value();
      CacheFields fields = reply.fields();
      return ENTRY + (value == null ? 0 : value.length()) + (fields == null ? 0 : fields.size());
    }

    private Fetch.Outcome outcome(int attempts, long since, CacheUse use) {
      long age = TimeUnit.NANOSECONDS.toSeconds(freshness.age(since));
      return new Fetch.Outcome(reply, attempts, age, !freshness.isFresh(since), use);
    }

    /** What whoever asks gets of it without waiting for the source. */
    Fetch.Outcome hit() {
      long since = nanos();
      return outcome(0, since, CacheUse.hit(freshness, since));
    }
  }

  /** Null where the settings say for how long an answer is fresh. */
  private final @Nullable CacheRules rules;

  /** By the settings. */
  private final Freshness given;

  private final Cache<SourceQuery.Asked, Kept> answers;

  /** How often a user was forgotten. */
  private final AtomicLong forgotten = new AtomicLong();

  private AnswerMemory(SourceSettings settings, @Nullable CacheRules rules) {
    this.rules = rules;
    given =
        Freshness.of(settings.maxAge(), settings.staleWhileRevalidate(), settings.staleIfError());
    Caffeine<SourceQuery.Asked, Kept> bounded =
        Caffeine.newBuilder()
            .maximumWeight(settings.cacheLimit())
            .weigher((key, kept) -> key.size() + kept.size());
    answers =
        (rules == null
                ? bounded.expireAfterWrite(Duration.ofNanos(given.usableFor()))
                : bounded.expireAfter(
                    Expiry.<SourceQuery.Asked, Kept>writing(
                        (key, kept) -> Duration.ofNanos(kept.keptFor()))))
            .build();
  }

  /** Null where nothing is kept. */
  static @Nullable AnswerMemory of(SourceSettings settings) {
    CacheRules rules = CacheRules.of(settings);
    return rules == null && settings.maxAge().isZero() ? null : new AnswerMemory(settings, rules);
  }

  /** How often a user was forgotten: what was asked before that is not kept after it. */
  long forgotten() {
    return forgotten.get();
  }

  /** Forgets all that may be about a user. */
  void forget(long user) {
    forgotten.incrementAndGet();
    answers.asMap().keySet().removeIf(key -> key.mayBeOf(user));
  }

  /** An answer that may be used while a new one is fetched, if it is not fresh. */
  @Nullable Kept get(SourceQuery.Asked key) {
    Kept kept = answers.getIfPresent(key);
    return kept == null || !kept.freshness.isUsable(kept.nanos()) ? null : kept;
  }

  /** An answer that the source may confirm instead of sending it again. */
  SourceQuery.@Nullable Known known(SourceQuery.Asked key) {
    Kept kept = rules == null ? null : answers.getIfPresent(key);
    return kept == null || kept.validators == null
        ? null
        : new SourceQuery.Known(kept.reply, kept.validators);
  }

  /**
   * The source was asked and has replied: keeps what may be kept, and says what is used.
   *
   * @param before what {@link #forgotten} was when it was first asked
   */
  Fetch.Outcome ended(SourceQuery.Asked key, SourceReply reply, int attempts, long before) {
    CacheFields fields = reply.fields();
    if (!reply.status().isAnswer()) {
      Kept kept = insteadOf(reply, key);
      if (kept == null) {
        return new Fetch.Outcome(reply, attempts);
      }
      long since = kept.nanos();
      int status = fields == null ? 0 : fields.status();
      return kept.outcome(attempts, since, CacheUse.instead(kept.freshness, since, status));
    }
    boolean isKnown = answers.getIfPresent(key) != null;
    String refusal = put(key, reply);
    // Looked at after it was kept: whoever forgets counts first.
    if (forgotten.get() != before) {
      answers.invalidate(key);
    }
    return new Fetch.Outcome(reply, attempts, CacheUse.asked(isKnown, fields, refusal));
  }

  /**
   * An answer instead of a failure that a newer one may well mend: the source breaks, is late or is
   * left alone. An answer that can't be used is none of these.
   */
  private @Nullable Kept insteadOf(SourceReply failure, SourceQuery.Asked key) {
    return switch (failure.ending()) {
      case BROKEN, LATE, REFUSED -> {
        Kept kept = answers.getIfPresent(key);
        yield kept == null || !kept.freshness.isUsableInstead(kept.nanos()) ? null : kept;
      }
      case OK, ABSENT, UNCHANGED, REJECTED -> null;
    };
  }

  /** Keeps an answer instead of an older one, or neither; says why then. */
  private @Nullable String put(SourceQuery.Asked key, SourceReply answer) {
    CacheFields fields = answer.fields();
    if (rules == null) {
      answers.put(key, new Kept(answer, System.nanoTime(), given, null));
      return null;
    }
    // What came by way of another node has no head.
    String refusal = fields == null ? "no-head" : rules.refusal(fields);
    if (fields == null || refusal != null) {
      answers.invalidate(key);
      return refusal;
    }
    Freshness freshness = rules.freshness(fields);
    answers.put(key, new Kept(answer, fields.receivedAt(), freshness, rules.validators(fields)));
    return null;
  }
}
