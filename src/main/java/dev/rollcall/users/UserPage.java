package dev.rollcall.users;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of users.
 *
 * @param items in ascending order of id; fewer than the limit where the page gets large
 * @param more whether there are matching users above the last item
 */
public record UserPage(List<User> items, boolean more) {
  /** The cursor of the next page; null when this is the last. */
  public @Nullable String next() {
    return more ? UserQuery.CURSOR.after(items.get(items.size() - 1).id()) : null;
  }

  /** As JSON: {@code {"items":[…],"next":…}}, the latter a cursor or null. */
  public Buffer json() {
    int length = 64;
    for (User user : items) {
      length += user.length() + 1;
    }
    Buffer json = Buffer.buffer(length).appendString("{\"items\":[");
    String separator = "";
    for (User user : items) {
      json.appendString(separator).appendBuffer(user.json());
      separator = ",";
    }
    String next = next();
    return json.appendString("],\"next\":")
        .appendString(next == null ? "null" : "\"" + next + "\"")
        .appendString("}");
  }
}
