package dev.rollcall.sources;

import dev.rollcall.sources.cache.CacheReport;
import dev.rollcall.sources.cache.CacheUse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** One caller that waits for the answer of a source. Belongs to the caller's event loop. */
public final class Fetch {
  /**
   * How a fetch ended.
   *
   * @param attempts how often the source was asked for it; 0 for an answer that was at hand
   * @param age the age of an answer from memory in seconds; {@link SourceResult#NEW} for another
   * @param stale whether that is older than it should be
   * @param use what the memory of answers had to do with it; null where there is none
   */
  public record Outcome(
      SourceReply reply, int attempts, long age, boolean stale, @Nullable CacheUse use) {
    Outcome(SourceReply reply, int attempts) {
      this(reply, attempts, null);
    }

    Outcome(SourceReply reply, int attempts, @Nullable CacheUse use) {
      this(reply, attempts, SourceResult.NEW, false, use);
    }

    /** What caches did; null where there is nothing to tell. */
    public @Nullable CacheReport caches() {
      return CacheReport.of(reply.fields(), use);
    }
  }

  private final Loop loop;
  private final Promise<Outcome> outcome = Promise.promise();
  private @Nullable SharedFetch shared;

  Fetch(Loop loop) {
    this.loop = loop;
  }

  static Fetch ended(Outcome outcome, Loop loop) {
    Fetch fetch = new Fetch(loop);
    fetch.complete(outcome);
    return fetch;
  }

  /** Waits for a shared fetch; false when that has ended already. */
  boolean join(SharedFetch joined) {
    if (!joined.add(this)) {
      return false;
    }
    shared = joined;
    return true;
  }

  /** The answer; never fails, and never comes once this was cancelled. */
  public Future<Outcome> answer() {
    return outcome.future();
  }

  /** How often the source was asked so far. */
  public int attempts() {
    return shared == null ? 0 : shared.asked();
  }

  /** The attempts that were made so far, as seen by whoever stops waiting now. */
  public Timeline timeline() {
    return shared == null ? Timeline.NONE : new Timeline(shared.attempts(), System.nanoTime());
  }

  /** Stops waiting. */
  public void cancel() {
    if (shared != null) {
      shared.remove(this);
    }
  }

  Loop loop() {
    return loop;
  }

  void complete(Outcome how) {
    outcome.tryComplete(how);
  }
}
