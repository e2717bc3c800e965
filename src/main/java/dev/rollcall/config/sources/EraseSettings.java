package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.util.Optional;
import java.util.Set;

/**
 * How a source is told to erase a user.
 *
 * @param url with {@code {id}} and no other variable
 */
public record EraseSettings(UrlTemplate url, Method method) {
  public enum Method {
    DELETE,
    /** With the body {@code {"id":42}}. */
    POST
  }

  private static final String SECTION = "erase";

  private static final Key<Optional<UrlTemplate>> URL =
      Key.optional(
          SECTION + ".http",
          Rule.parsed(
                  UrlTemplate::parse,
                  url -> url.variables().equals(Set.of("id")),
                  url -> "a URL",
                  "an http or https URL, in quotes, with {id} and no other variable")
              .secret());

  private static final Key<Method> METHOD =
      Key.of(SECTION + ".method", Method.DELETE, Rule.oneOf(Method.class));

  /** Empty where it is left out, or the URL is left out or at fault. */
  static Optional<EraseSettings> from(Section source) {
    Section section = source.section(SECTION);
    Optional<UrlTemplate> url = URL.read(section);
    Method method = METHOD.read(section);
    if (source.has(SECTION) && !section.has(URL.name())) {
      section.refuse(URL.name(), "left out", URL.allowed());
    }
    return url.map(given -> new EraseSettings(given, method));
  }

  void check(String source) {
    URL.check(source, Optional.of(url));
  }

  /** Without the URL, which may hold secrets. */
  @Override
  public String toString() {
    return "EraseSettings[" + method + "]";
  }
}
