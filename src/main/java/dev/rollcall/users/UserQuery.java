package dev.rollcall.users;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which users to list, in ascending order of id. The filters combine with AND.
 *
 * @param after only ids above this one; 0 for all
 * @param limit how many at most, 1 to {@link #MAX_LIMIT}
 * @param email whose address is this one, ignoring case; null for any
 * @param name whose name begins so, ignoring case; null for any, as is the empty beginning
 * @param ids only these, at most {@link #MAX_IDS}; empty for any
 */
public record UserQuery(
    long after, int limit, @Nullable String email, @Nullable String name, List<Long> ids) {

  public static final int MAX_LIMIT = 1000;
  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_IDS = 100;

  public UserQuery {
    if (limit < 1 || limit > MAX_LIMIT || ids.size() > MAX_IDS) {
      throw new IllegalArgumentException("limit or ids out of range");
    }
    name = name == null || name.isEmpty() ? null : name;
    ids = List.copyOf(ids);
  }

  /** All users above an id. */
  public static UserQuery all(long after, int limit) {
    return new UserQuery(after, limit, null, null, List.of());
  }
}
