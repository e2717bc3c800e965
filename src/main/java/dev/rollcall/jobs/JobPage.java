package dev.rollcall.jobs;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs, the newest first.
 *
 * @param next the cursor of the next page; null when this is the last
 */
public record JobPage(List<Job> items, @Nullable String next) {
  /** A page of what was found, one job beyond the limit included where there is one. */
  public static JobPage of(List<Job> found, int limit) {
    if (found.size() <= limit) {
      return new JobPage(found, null);
    }
    return new JobPage(found.subList(0, limit), JobQuery.CURSOR.after(found.get(limit - 1).id()));
  }

  /** This page without some of its jobs; the next one begins where it did. */
  public JobPage only(Predicate<Job> shown) {
    return new JobPage(items.stream().filter(shown).toList(), next);
  }
}
