package dev.rollcall.users;

import dev.rollcall.base.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a list of writes.
 *
 * @param results one for each write that was carried out, from the first on
 * @param stopped why the rest was not; null when all were
 */
public record BulkOutcome(List<Result> results, @Nullable Failure stopped) {
  /** Exactly one of the two is set. */
  public record Result(@Nullable WriteOutcome outcome, @Nullable Failure failure) {}
}
