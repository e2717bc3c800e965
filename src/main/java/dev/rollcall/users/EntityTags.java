package dev.rollcall.users;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ETags and preconditions (RFC 9110, 8.8.3 and 13.1) in the headers of HTTP requests and messages.
 *
 * <p>The tag of a user is the seq of its last write in double quotes. Other well-formed tags match
 * nothing.
 */
public final class EntityTags {
  private EntityTags() {}

  public static String of(long seq) {
    return "\"" + seq + "\"";
  }

  public static Precondition precondition(MultiMap headers) {
    boolean match = headers.contains(HttpHeaders.IF_MATCH);
    boolean noneMatch = headers.contains(HttpHeaders.IF_NONE_MATCH);
    if (!match && !noneMatch) {
      return Precondition.NONE;
    }
    Tags wanted = match ? read(headers, HttpHeaders.IF_MATCH) : null;
    Tags unwanted = noneMatch ? read(headers, HttpHeaders.IF_NONE_MATCH) : null;
    return new Precondition(
        wanted == null || wanted.any ? null : wanted.strong,
        wanted != null && wanted.any,
        unwanted == null ? Set.of() : unwanted.all(),
        unwanted != null && unwanted.any);
  }

  /** The tags that a reader already has; null without {@code If-None-Match}. */
  public static @Nullable Tags known(MultiMap headers) {
    return headers.contains(HttpHeaders.IF_NONE_MATCH)
        ? read(headers, HttpHeaders.IF_NONE_MATCH)
        : null;
  }

  /** The tags of a field. Weak ones stand apart, since they never match {@code If-Match}. */
  public static final class Tags {
    private boolean any;
    private final Set<Long> strong = new HashSet<>();
    private final Set<Long> weak = new HashSet<>();

    private Tags() {}

    /** Whether one of them, weak or strong, is of this seq, or the field is {@code *}. */
    public boolean hold(long seq) {
      return any || strong.contains(seq) || weak.contains(seq);
    }

    private Set<Long> all() {
      Set<Long> all = new HashSet<>(strong);
      all.addAll(weak);
      return all;
    }
  }

  private static Tags read(MultiMap headers, CharSequence field) {
    // Several lines of one field are one list.
    String text = String.join(",", headers.getAll(field)).strip();
    Tags tags = new Tags();
    if (text.equals("*")) {
      tags.any = true;
      return tags;
    }
    int at = 0;
    int count = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ',' || c == ' ' || c == '\t') {
        at++;
        continue;
      }
      at = tag(text, at, tags, field);
      count++;
      if (at < text.length() && text.charAt(at) != ',') {
        throw malformed(field);
      }
    }
    if (count == 0) {
      throw malformed(field);
    }
    return tags;
  }

  /** Reads one tag and returns where the next token begins. */
  private static int tag(String text, int start, Tags tags, CharSequence field) {
    boolean weak = text.startsWith("W/", start);
    int open = weak ? start + 2 : start;
    int close = open < text.length() && text.charAt(open) == '"' ? text.indexOf('"', open + 1) : -1;
    if (close < 0) {
      throw malformed(field);
    }
    for (int i = open + 1; i < close; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == 0x7F) {
        throw malformed(field);
      }
    }
    long seq = WholeNumber.parse(text.substring(open + 1, close));
    if (seq >= 0) {
      (weak ? tags.weak : tags.strong).add(seq);
    }
    int next = close + 1;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    return next;
  }

  private static Failure malformed(CharSequence field) {
    String name = field == HttpHeaders.IF_MATCH ? "If-Match" : "If-None-Match";
    return Failure.of(Kind.INVALID, name + " must be * or a list of entity tags");
  }
}
