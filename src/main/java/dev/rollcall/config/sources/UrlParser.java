package dev.rollcall.config.sources;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a {@link UrlTemplate}, or throws with what is allowed, without the text and its secrets.
 */
final class UrlParser {
  private static final int LONGEST = 8 * 1024;
  private static final String HOSTS = "a URL with a host name or an IP address (IPv6 in brackets)";
  private static final Pattern URL = Pattern.compile("(?i)(https?)://([^/?]*)(.*)", Pattern.DOTALL);

  /** Unlike {@code java.net.URI}, with a host, which may have underscores as containers do. */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?<host>(?=.{1,253}(:|$))(?:[\\w]([\\w-]{0,61}[\\w])?\\.)*[\\w]([\\w-]{0,61}[\\w])?\\.?"
              + "|\\[[0-9A-Fa-f:.]{2,45}])(?<port>:.*)?");

  private static final Pattern PORT = Pattern.compile(":0*([1-9][0-9]{0,4})");

  /** The characters of a path and a query (RFC 3986). */
  private static final Pattern LITERAL = Pattern.compile("[\\w.~!$&'()*+,;=:@/?%-]*");

  private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  final String text;
  final boolean tls;
  final String host;
  final int port;
  final List<String> literals = new ArrayList<>();
  final List<String> variables = new ArrayList<>();

  UrlParser(String text) {
    this.text = text;
    require(text.length() <= LONGEST, "a URL of at most " + LONGEST + " characters");
    Matcher url = URL.matcher(text);
    require(
        url.matches(),
        "an http or https URL, such as http://127.0.0.1:3001/accounts/{id}, or several of them");
    tls = group(url, 1).length() == "https".length();
    String authority = group(url, 2);
    require(text.indexOf('#') < 0, "a URL without a fragment (#, or %23 for the character)");
    require(
        authority.indexOf('@') < 0,
        "a URL without a user and password, which may stand in the header Authorization");
    require(
        authority.indexOf('{') < 0 && authority.indexOf('}') < 0,
        "a URL with variables in its path and query only");
    Matcher parts = AUTHORITY.matcher(authority);
    require(parts.matches(), HOSTS);
    host = group(parts, "host");
    require(!host.startsWith("[") || isIpV6(host), HOSTS);
    port = port(parts);
    String rest = group(url, 3);
    split(rest.startsWith("/") ? rest : "/" + rest);
  }

  private static boolean isIpV6(String host) {
    try {
      return new URI("http://" + host).getHost() != null;
    } catch (URISyntaxException notOne) {
      return false;
    }
  }

  private int port(Matcher authority) {
    String written = authority.group("port");
    if (written == null) {
      return tls ? 443 : 80;
    }
    Matcher digits = PORT.matcher(written);
    int number = digits.matches() ? Integer.parseInt(group(digits, 1)) : 0;
    require(number >= 1 && number <= 65_535, "a URL whose port, where it has one, is 1 to 65535");
    return number;
  }

  private void split(String target) {
    Matcher braces = Variables.BRACES.matcher(target);
    int done = 0;
    while (braces.find()) {
      literal(target.substring(done, braces.start()));
      String variable = group(braces, 1);
      require(Variables.isOne(variable), "a URL whose " + Variables.ALLOWED);
      variables.add(variable);
      done = braces.end();
    }
    literal(target.substring(done));
  }

  private void literal(String literal) {
    require(
        literal.indexOf('{') < 0 && literal.indexOf('}') < 0,
        "a URL whose braces stand in pairs (%7B and %7D for the characters)");
    require(
        LITERAL.matcher(literal).matches() && !STRAY_PERCENT.matcher(literal).find(),
        "a URL of the characters that URLs may have; others are percent-encoded, such as %20");
    literals.add(literal);
  }

  private static String group(Matcher matcher, int number) {
    String group = matcher.group(number);
    return group == null ? "" : group;
  }

  private static String group(Matcher matcher, String name) {
    String group = matcher.group(name);
    return group == null ? "" : group;
  }

  private static void require(boolean condition, String allowed) {
    if (!condition) {
      throw new IllegalArgumentException(allowed);
    }
  }
}
