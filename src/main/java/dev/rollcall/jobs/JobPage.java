package dev.rollcall.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs, the newest first.
 *
 * @param more whether there are older ones behind the last item
 */
public record JobPage(List<Job> items, boolean more) {
  /** A page of what was found, one job beyond the limit included where there is one. */
  public static JobPage of(List<Job> found, int limit) {
    boolean more = found.size() > limit;
    return new JobPage(more ? found.subList(0, limit) : found, more);
  }

  /** The cursor of the next page; null when this is the last. */
  public @Nullable String next() {
    return more ? JobQuery.CURSOR.after(items.get(items.size() - 1).id()) : null;
  }
}
