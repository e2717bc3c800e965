package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the token comes from that a source is asked with: client credentials of OAuth 2.0 (RFC
 * 6749, 4.4).
 *
 * @param url of the token endpoint, without variables
 */
public record TokenSettings(
    UrlTemplate url, String clientId, String clientSecret, Optional<String> scope) {
  static final String SECTION = "token";

  private static final Key<Optional<UrlTemplate>> URL =
      Key.optional(
          "token.url",
          Rule.parsed(
                  UrlTemplate::parse,
                  url -> url.variables().isEmpty(),
                  url -> "a URL",
                  "an http or https URL without variables")
              .secret());

  private static final Key<Optional<String>> CLIENT_ID =
      Key.optional(
          "token.clientId",
          Rule.text(
              Pattern.compile("[\\x20-\\x7E]{1,1024}"),
              "1 to 1024 characters of ASCII, no control characters"));

  private static final Key<Optional<String>> CLIENT_SECRET =
      Key.optional(
          "token.clientSecret",
          Rule.text(
                  Pattern.compile("[\\x20-\\x7E]{1,8192}"),
                  "1 to 8192 characters of ASCII, no control characters")
              .secret());

  private static final Key<Optional<String>> SCOPE =
      Key.optional(
          "token.scope",
          Rule.text(
              Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+(?: [\\x21\\x23-\\x5B\\x5D-\\x7E]+)*"),
              "scopes of ASCII with a space between each two"));

  /** Empty where it is left out, or a part that it needs is left out or at fault. */
  static Optional<TokenSettings> from(Section source) {
    Section section = source.section(SECTION);
    Optional<UrlTemplate> url = URL.read(section);
    Optional<String> id = CLIENT_ID.read(section);
    Optional<String> secret = CLIENT_SECRET.read(section);
    Optional<String> scope = SCOPE.read(section);
    if (source.has(SECTION)) {
      for (Key<?> needed : List.of(URL, CLIENT_ID, CLIENT_SECRET)) {
        if (!section.has(needed.name())) {
          section.refuse(needed.name(), "left out", needed.allowed());
        }
      }
    }
    return url.isPresent() && id.isPresent() && secret.isPresent()
        ? Optional.of(new TokenSettings(url.get(), id.get(), secret.get(), scope))
        : Optional.empty();
  }

  void check(String source) {
    URL.check(source, Optional.of(url));
    CLIENT_ID.check(source, Optional.of(clientId));
    CLIENT_SECRET.check(source, Optional.of(clientSecret));
    SCOPE.check(source, scope);
  }

  /** Without the URL and the secret. */
  @Override
  public String toString() {
    return "TokenSettings[" + clientId + "]";
  }
}
