package dev.rollcall.users;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a write on the stored user ({@code If-Match} and {@code If-None-Match} of RFC
 * 9110), decided inside the store's transaction.
 *
 * @param match the seqs of which the user must have one; empty matches none; null for no condition
 * @param exists whether the user must exist ({@code If-Match: *})
 * @param noneMatch the seqs of which the user must have none
 * @param absent whether the user must not exist ({@code If-None-Match: *})
 */
public record Precondition(
    @Nullable Set<Long> match, boolean exists, Set<Long> noneMatch, boolean absent) {
  public static final Precondition NONE = new Precondition(null, false, Set.of(), false);

  public Precondition {
    match = match == null ? null : Set.copyOf(match);
    noneMatch = Set.copyOf(noneMatch);
  }

  boolean holds(@Nullable User current) {
    if (current == null) {
      return match == null && !exists;
    }
    return (match == null || match.contains(current.seq()))
        && !absent
        && !noneMatch.contains(current.seq());
  }
}
