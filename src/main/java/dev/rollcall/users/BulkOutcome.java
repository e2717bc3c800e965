package dev.rollcall.users;

import dev.rollcall.base.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a list of writes got.
 *
 * @param results one for each write from the first on, as far as they were carried out: all of them
 *     unless {@code stopped} is set
 * @param stopped why the rest was not carried out; null when all were
 */
public record BulkOutcome(List<Result> results, @Nullable Failure stopped) {

  /** What became of one write: exactly one of the two is set. */
  public record Result(@Nullable WriteOutcome outcome, @Nullable Failure failure) {}
}
