package dev.rollcall.users;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of users.
 *
 * @param items in ascending order of id. There may be fewer than asked for although more follow: a
 *     page also ends where it gets large.
 * @param more whether there are matching users above the last item
 */
public record UserPage(List<User> items, boolean more) {

  /** The cursor of the next page; null when this is the last. */
  public @Nullable String next() {
    return more ? UserQuery.CURSOR.after(items.get(items.size() - 1).id()) : null;
  }
}
