package dev.rollcall.config.auth;

import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.sources.UrlTemplate;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where the keys of an issuer (a JWKS, RFC 7517) are. No fault shows a URL, which may be secret.
 */
public sealed interface JwksLocation {

  /** With a server. */
  record Url(UrlTemplate url) implements JwksLocation {
    public Url {
      if (!url.variables().isEmpty()) {
        throw new IllegalArgumentException("a URL without variables");
      }
    }

    @Override
    public String toString() {
      return "a URL";
    }
  }

  /** In a file, which is read again when it changes. */
  record File(Path path) implements JwksLocation {}

  /** What begins like a URL; one letter before the colon is a drive of Windows. */
  Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);

  /** In the settings. */
  Rule<JwksLocation> RULE =
      Rule.<JwksLocation>parsed(
              JwksLocation::parse,
              location -> true,
              JwksLocation::toString,
              "an http or https URL, or the path of a file, of a JWKS")
          .secret();

  /** Throws an {@link IllegalArgumentException} with what is allowed, without the text. */
  static JwksLocation parse(String text) {
    if (WITH_SCHEME.matcher(text).matches()) {
      return new Url(UrlTemplate.parse(text));
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException(RULE.allowed());
    }
    try {
      return new File(Path.of(text));
    } catch (InvalidPathException notOne) {
      throw new IllegalArgumentException(RULE.allowed(), notOne);
    }
  }
}
