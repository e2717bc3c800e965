package dev.rollcall.config;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a source, with places for values: {@code {id}}, {@code {user.email}}, {@code
 * {account.companyId}}. Values stand in the path and the query alone, each escaped so that it stays
 * within its segment or parameter. Immutable.
 */
public final class UrlTemplate {

  private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)}");
  private static final String UNRESERVED = "-._~";

  private final String text;
  private final boolean tls;
  private final String host;
  private final int port;
  private final List<String> literals = new ArrayList<>();
  private final List<String> variables = new ArrayList<>();

  private UrlTemplate(String text) {
    this.text = text;
    int slash = text.indexOf('/', text.indexOf("://") + 3);
    URI origin = URI.create(slash < 0 ? text : text.substring(0, slash));
    this.tls = origin.getScheme().equals("https");
    this.host = origin.getHost();
    this.port = origin.getPort() > 0 ? origin.getPort() : tls ? 443 : 80;
    String target = slash < 0 ? "/" : text.substring(slash);
    Matcher matcher = VARIABLE.matcher(target);
    int done = 0;
    while (matcher.find()) {
      literals.add(target.substring(done, matcher.start()));
      variables.add(matcher.group(1));
      done = matcher.end();
    }
    literals.add(target.substring(done));
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  public static UrlTemplate parse(String text) {
    return new UrlTemplate(text);
  }

  /** Whether it is reached over TLS. */
  public boolean tls() {
    return tls;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** What stands between the braces, each once, in the order of their first places. */
  public Set<String> variables() {
    return new LinkedHashSet<>(variables);
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

  public boolean misleads(Function<String, String> values) {
    return false;
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
        target.append('%').append("0123456789ABCDEF".charAt(c >> 4));
        target.append("0123456789ABCDEF".charAt(c & 15));
      }
    }
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
