package dev.rollcall.config.sources;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a source, with variables in its path and query: {@code {id}}, {@code {user.email}},
 * {@code {account.companyId}}. Each value is escaped, so that it stays within its segment or
 * parameter. Immutable.
 */
public final class UrlTemplate {
  private static final String UNRESERVED = "-._~";
  private static final String HEX = "0123456789ABCDEF";

  /**
   * So long a value may be: no server takes much longer ones in a URL, and what it takes to judge
   * one grows with the square of its length.
   */
  private static final int LONGEST_VALUE = 2000;

  private final String text;
  private final boolean tls;
  private final String host;
  private final int port;

  /** The text before, between and behind the variables: one more than those. */
  private final List<String> literals;

  private final List<String> variables;
  private final Set<String> distinct;

  private UrlTemplate(UrlParser parser) {
    text = parser.text;
    tls = parser.tls;
    host = parser.host;
    port = parser.port;
    literals = List.copyOf(parser.literals);
    variables = List.copyOf(parser.variables);
    distinct = Collections.unmodifiableSet(new LinkedHashSet<>(variables));
  }

  /** Throws an {@link IllegalArgumentException} with what is allowed, without the text. */
  public static UrlTemplate parse(String text) {
    return new UrlTemplate(new UrlParser(text));
  }

  public boolean tls() {
    return tls;
  }

  /** As it was written; an IPv6 address has its brackets. */
  public String host() {
    return host;
  }

  /** By default that of the scheme. */
  public int port() {
    return port;
  }

  /** The distinct variables in their order. */
  public Set<String> variables() {
    return distinct;
  }

  /** The request target with the unescaped value of each variable. */
  public String target(Function<String, String> values) {
    StringBuilder target = new StringBuilder(literals.get(0));
    for (int i = 0; i < variables.size(); i++) {
      escape(values.apply(variables.get(i)), target);
      target.append(literals.get(i + 1));
    }
    return target.toString();
  }

  /**
   * Whether the target may lead elsewhere than meant, though each value is escaped, so that it must
   * not be asked: a value makes a segment of the path empty, or {@code .} or {@code ..} in some
   * form ({@link PathSegment}), is not valid Unicode, or has more than {@value #LONGEST_VALUE}
   * characters. In the query there is nothing to resolve.
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
        if (value.length() > LONGEST_VALUE || !isText(value)) {
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

  /** Whether there are no lone surrogates. */
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

  /** The template as it was written, with its secrets. */
  @Override
  public String toString() {
    return text;
  }
}
