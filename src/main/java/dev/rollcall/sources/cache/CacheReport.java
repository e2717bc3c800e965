package dev.rollcall.sources.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the caches between a source and a view did, in the form of {@code Cache-Status} (RFC 9211):
 * those of the source as it says, the nearest to it first, then our own.
 *
 * <p>Of a source's members only what the RFC defines is kept, without {@code key} and {@code
 * detail}, which may hold parts of URLs that nobody is to see.
 *
 * @param before what the source says, as it came; null for nothing
 * @param own null where there is no memory of the source's answers
 */
public record CacheReport(@Nullable String before, @Nullable CacheUse own) {
  /** The header, in lower case. */
  public static final String HEADER = "cache-status";

  private static final String OURS = "rollcall";
  private static final int LONGEST = 2048;
  private static final int MOST_MEMBERS = 10;
  private static final Set<String> PARAMETERS =
      Set.of("hit", "fwd", "fwd-status", "ttl", "stored", "collapsed");

  private static final String TOKEN = "[A-Za-z*][!#$%&'*+.^_`|~\\w:/-]{0,63}+";
  private static final String TEXT =
      "\"(?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\]){0,200}+\"";
  private static final Pattern NAME = Pattern.compile("(?:" + TOKEN + ")|(?:" + TEXT + ")");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "; *([a-z*][a-z0-9_.*-]{0,63}+)(?:=("
              + TOKEN
              + "|"
              + TEXT
              + "|-?[0-9.]{1,20}+|\\?[01]))?");
  private static final Pattern COMMA = Pattern.compile("[ \\t]*+,[ \\t]*+");

  /** That of an answer; null where there is nothing to tell. */
  public static @Nullable CacheReport of(@Nullable CacheFields fields, @Nullable CacheUse own) {
    String before = fields == null ? null : fields.cacheStatus();
    return before == null && own == null ? null : new CacheReport(before, own);
  }

  /** Its text; null where the source says nothing that can be read, and there is no memory. */
  public @Nullable String text() {
    List<String> members = new ArrayList<>();
    if (before != null) {
      members.addAll(members(before));
    }
    if (own != null) {
      members.add(member(own));
    }
    return members.isEmpty() ? null : String.join(", ", members);
  }

  private static String member(CacheUse use) {
    StringBuilder text = new StringBuilder(OURS);
    switch (use.kind()) {
      case HIT -> text.append("; hit; ttl=").append(use.ttl());
      case MISS -> text.append("; fwd=uri-miss");
      case STALE -> text.append("; fwd=stale");
      case INSTEAD -> text.append("; fwd=stale; ttl=").append(use.ttl());
    }
    if (use.status() > 0) {
      text.append("; fwd-status=").append(use.status());
    }
    if (use.kind() == CacheUse.Kind.MISS || use.kind() == CacheUse.Kind.STALE) {
      text.append(use.refusal() == null ? "; stored" : "; detail=" + use.refusal());
    }
    return text.toString();
  }

  /** The members of a header; none where it is malformed or too long. */
  private static List<String> members(String header) {
    if (header.length() > LONGEST) {
      return List.of();
    }
    List<String> members = new ArrayList<>();
    String text = header.strip();
    int at = 0;
    while (true) {
      Matcher name = NAME.matcher(text).region(at, text.length());
      if (!name.lookingAt() || members.size() == MOST_MEMBERS) {
        return List.of();
      }
      StringBuilder member = new StringBuilder(name.group());
      at = parameters(text, name.end(), member);
      members.add(member.toString());
      if (at == text.length()) {
        return members;
      }
      Matcher comma = COMMA.matcher(text).region(at, text.length());
      if (!comma.lookingAt()) {
        return List.of();
      }
      at = comma.end();
    }
  }

  /** Appends those that are kept, and gives the end of all. */
  private static int parameters(String text, int start, StringBuilder member) {
    int at = start;
    Matcher parameter = PARAMETER.matcher(text).region(at, text.length());
    while (parameter.lookingAt()) {
      String name = parameter.group(1).toLowerCase(Locale.ROOT);
      if (PARAMETERS.contains(name)) {
        String value = parameter.group(2);
        member.append("; ").append(name).append(value == null ? "" : "=" + value);
      }
      at = parameter.end();
      parameter.region(at, text.length());
    }
    return at;
  }
}
