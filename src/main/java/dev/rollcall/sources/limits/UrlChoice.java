package dev.rollcall.sources.limits;

import dev.rollcall.config.sources.Balancing;
import dev.rollcall.config.sources.Balancing.Policy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Chooses at which of a source's URLs each attempt asks. The number of an attempt says it ({@link
 * UrlPauses#url}), so that choosing a URL is to choose a number. One for a source in a process;
 * safe for use by all threads.
 */
public final class UrlChoice {
  /** No attempt: all URLs are paused or to be avoided. */
  public static final int NONE = 0;

  private final int urls;
  private final Policy policy;
  private final UrlPauses pauses;
  private final @Nullable UrlEjection ejection;

  /** Null where no URL has a limit of its own. */
  private final @Nullable AttemptLimits limits;

  /** For each URL the attempts under way; null where nobody wants to know. */
  private final @Nullable AtomicIntegerArray busy;

  private final AtomicInteger turn = new AtomicInteger();

  /** With so many URLs; none for a source that has none. */
  public UrlChoice(int urls, Balancing balancing, UrlPauses pauses, AttemptLimits limits) {
    this.urls = urls;
    this.limits = urls > 1 && limits.isAdaptive() ? limits : null;
    // With one URL there is nothing to choose.
    this.policy = urls > 1 ? balancing.policy() : Policy.FIRST;
    this.pauses = pauses;
    this.ejection = urls > 1 && balancing.failures() > 0 ? new UrlEjection(urls, balancing) : null;
    this.busy = policy == Policy.LEAST_BUSY ? new AtomicIntegerArray(urls) : null;
  }

  /** The number of the first attempt at an answer; {@link #NONE} while all URLs are paused. */
  public int first() {
    boolean anyWay = ejection == null && limits == null && policy == Policy.FIRST;
    return anyWay ? pauses.next(1) : choose(1, 0, true);
  }

  /**
   * The number of a retry, at another URL than those of earlier attempts where that is possible.
   */
  public int retry(int attempt, int tried) {
    int other = urls > 1 ? choose(attempt, tried, false) : NONE;
    return other == NONE ? choose(attempt, 0, false) : other;
  }

  /** The number of an attempt beside others, at another URL than theirs if there are several. */
  public int hedge(int attempt, int running) {
    return urls > 1 ? choose(attempt, running, false) : pauses.next(attempt);
  }

  /** The URL of an attempt as a bit, for those to avoid. */
  public int bit(int attempt) {
    return 1 << pauses.url(attempt);
  }

  /**
   * Chooses a number from one on. Only where no URL is usable, those that have as many attempts
   * under way as they may are, and then those that are left out.
   */
  private int choose(int attempt, int avoided, boolean first) {
    if (urls == 0) {
      return attempt;
    }
    int paused = avoided;
    int out = avoided;
    int full = 0;
    for (int url = 0; url < urls; url++) {
      if (pauses.millis(url) > 0) {
        paused |= 1 << url;
      } else if (ejection != null && ejection.isOut(url)) {
        out |= 1 << url;
      } else if (limits != null && limits.isFull(url)) {
        full |= 1 << url;
      }
    }
    int all = (1 << urls) - 1;
    int usable = all & ~(paused | out | full);
    if (usable == 0) {
      usable = all & ~(paused | out);
    }
    if (usable == 0 && avoided == 0) {
      usable = all & ~paused;
    }
    return usable == 0 ? NONE : number(attempt, chosen(usable, attempt, first));
  }

  private int number(int attempt, int url) {
    return attempt + Math.floorMod(url - pauses.url(attempt), urls);
  }

  private int chosen(int usable, int attempt, boolean first) {
    if (busy != null) {
      return leastBusy(usable, busy);
    }
    int start = pauses.url(attempt);
    if (first && policy == Policy.ROUND_ROBIN) {
      return nth(usable, Math.floorMod(turn.getAndIncrement(), Integer.bitCount(usable)));
    }
    int behind = usable & -(1 << start);
    return Integer.numberOfTrailingZeros(behind == 0 ? usable : behind);
  }

  /** Those that are equally busy take turns. */
  private int leastBusy(int usable, AtomicIntegerArray under) {
    int least = Integer.MAX_VALUE;
    int same = 0;
    for (int url = 0; url < urls; url++) {
      int count = under.get(url);
      if ((usable >> url & 1) == 1 && count <= least) {
        same = count < least ? 1 << url : same | 1 << url;
        least = count;
      }
    }
    return nth(same, Math.floorMod(turn.getAndIncrement(), Integer.bitCount(same)));
  }

  private static int nth(int bits, int n) {
    int left = bits;
    for (int i = 0; i < n; i++) {
      left &= left - 1;
    }
    return Integer.numberOfTrailingZeros(left);
  }

  /** An attempt at a URL begins. */
  public void begun(int url) {
    if (busy != null) {
      busy.incrementAndGet(url);
    }
  }

  /** It has ended in any way. */
  public void ended(int url) {
    if (busy != null) {
      busy.decrementAndGet(url);
    }
  }

  /** A URL gave an answer of any kind. */
  public void answered(int url) {
    if (ejection != null) {
      ejection.answered(url);
    }
  }

  /** A URL gave no answer, and that was its own fault. */
  public void failed(int url) {
    if (ejection != null) {
      ejection.failed(url);
    }
  }

  /** Which URLs are left out; null where none ever is. */
  public @Nullable UrlEjection ejection() {
    return ejection;
  }
}
