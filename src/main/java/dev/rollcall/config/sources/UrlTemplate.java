package dev.rollcall.config.sources;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a source, with places for values: {@code {id}}, {@code {user.email}}, {@code
 * {account.companyId}}. Values stand in the path and the query alone, each escaped so that it stays
 * within its segment or parameter. Immutable.
 */
public final class UrlTemplate {

  private static final String UNRESERVED = "-._~";
  private static final String HEX = "0123456789ABCDEF";

  private final String text;
  private final boolean tls;
  private final String host;
  private final int port;

  /** What stands before, between and behind the variables: always one more than those. */
  private final List<String> literals;

  private final List<String> variables;
  private final Set<String> distinct;

  private UrlTemplate(UrlParser parser) {
    text = parser.text();
    tls = parser.tls();
    host = parser.host();
    port = parser.port();
    literals = List.copyOf(parser.literals());
    variables = List.copyOf(parser.variables());
    distinct = Collections.unmodifiableSet(new LinkedHashSet<>(variables));
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException with what is allowed; it doesn't tell the text, which may hold
   *     secrets
   */
  public static UrlTemplate parse(String text) {
    return new UrlTemplate(new UrlParser(text));
  }

  /** Whether it is reached over TLS. */
  public boolean tls() {
    return tls;
  }

  /** The host as it was written; an IPv6 address has its brackets. */
  public String host() {
    return host;
  }

  /** The port; where none was written, that of the scheme. */
  public int port() {
    return port;
  }

  /** What stands between the braces, each once, in the order of their first places. */
  public Set<String> variables() {
    return distinct;
  }

  /** The sources that values are taken from. */
  Set<String> sources() {
    Set<String> sources = new LinkedHashSet<>();
    for (String variable : distinct) {
      String root = variable.split("\\.", 2)[0];
      if (!root.equals("id") && !root.equals("user")) {
        sources.add(root);
      }
    }
    return sources;
  }

  /**
   * The request target, path and query.
   *
   * @param values the text of each variable, unescaped
   */
  public String target(Function<String, String> values) {
    StringBuilder target = new StringBuilder(literals.get(0));
    for (int i = 0; i < variables.size(); i++) {
      escape(values.apply(variables.get(i)), target);
      target.append(literals.get(i + 1));
    }
    return target.toString();
  }

  /**
   * Whether the target may lead elsewhere than where its author meant, though each value is
   * escaped: where a value makes a segment of the path empty or puts {@code .} or {@code ..}
   * between separators in it, whatever form those have ({@link PathSegment}), or is no text that
   * UTF-8 can say. Nothing should be asked then. In the query there is nothing to resolve, so that
   * all text is taken there.
   *
   * @param values the text of each variable, unescaped
   */
  public boolean misleads(Function<String, String> values) {
    StringBuilder segment = new StringBuilder();
    boolean path = true;
    boolean varied = false;
    for (int i = 0; i < literals.size(); i++) {
      String literal = literals.get(i);
      for (int at = 0; path && at < literal.length(); at++) {
        char c = literal.charAt(at);
        path = c != '?';
        if (path && c != '/') {
          segment.append(c);
        } else if (varied && PathSegment.misleads(segment)) {
          return true;
        } else {
          segment.setLength(0);
          varied = false;
        }
      }
      if (i < variables.size()) {
        String value = values.apply(variables.get(i));
        if (!isText(value)) {
          return true;
        }
        if (path) {
          segment.append(value);
          varied = true;
        }
      }
    }
    return path && varied && PathSegment.misleads(segment);
  }

  /** Code points that are surrogates are those that stand alone. */
  private static boolean isText(String value) {
    return value
        .codePoints()
        .noneMatch(c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
  }

  private static void escape(String value, StringBuilder target) {
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || UNRESERVED.indexOf(c) >= 0) {
        target.append(c);
      } else {
        target.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UrlTemplate template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The template as it was written. It may hold secrets. */
  @Override
  public String toString() {
    return text;
  }
}
