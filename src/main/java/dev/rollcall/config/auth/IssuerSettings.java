package dev.rollcall.config.auth;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.sources.SourceRules;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An issuer whose JWTs are accepted.
 *
 * @param name in the settings, and in the {@code by} of changes
 * @param issuer the {@code iss} of its tokens
 * @param audience what the {@code aud} of its tokens must name
 * @param scopes the claim that holds the scopes
 * @param grant what its tokens may give at most
 * @param trust a PEM file of the authorities that know the server of its keys
 */
public record IssuerSettings(
    String name,
    String issuer,
    String audience,
    JwksLocation jwks,
    List<SignatureAlgorithm> algorithms,
    String scopes,
    List<String> grant,
    Optional<Path> trust) {

  /** A name has no colon, so that {@code issuer:<name>:<sub>} can be read in one way. */
  public static final Rule<String> NAME =
      Rule.text(
          Pattern.compile(SourceRules.NAME_PATTERN),
          "a name for an issuer: 1 to 64 letters, digits, _ and -, the first a letter");

  private static final Key<Optional<String>> ISSUER =
      Key.optional(
          "issuer",
          Rule.text(
              Pattern.compile("[\\x21-\\x7E]{1,1000}"),
              "the iss of its tokens, to the letter: 1 to 1000 ASCII characters, no spaces"));

  private static final Key<Optional<String>> AUDIENCE =
      Key.optional(
          "audience",
          Rule.text(
              Pattern.compile("[\\x21-\\x7E]{1,1000}"),
              "what the aud of its tokens names: 1 to 1000 ASCII characters, no spaces"));

  private static final Key<Optional<JwksLocation>> JWKS = Key.optional("jwks", JwksLocation.RULE);

  private static final Key<List<SignatureAlgorithm>> ALGORITHMS =
      Key.list(
          "algorithms",
          SignatureAlgorithm.USUAL,
          new ListRule<>(
              SignatureAlgorithm.RULE, 1, SignatureAlgorithm.values().length, "algorithms"));

  private static final Key<String> SCOPES =
      Key.of(
          "scopes",
          "scope",
          Rule.text(
              Pattern.compile("[\\x21-\\x7E]{1,255}"),
              "the name of a claim: 1 to 255 ASCII characters, no spaces"));

  private static final Key<List<String>> GRANT = Key.list("grant", List.of(), ScopeRules.SCOPES);

  private static final Key<Optional<Path>> TRUST =
      Key.optional("trust", Rule.path("the path of a PEM file"));

  public IssuerSettings {
    String key = "auth.issuers." + name;
    NAME.check(key, name);
    ISSUER.check(key, Optional.of(issuer));
    AUDIENCE.check(key, Optional.of(audience));
    ALGORITHMS.check(key, algorithms);
    SCOPES.check(key, scopes);
    GRANT.check(key, grant);
    algorithms = List.copyOf(algorithms);
    grant = List.copyOf(grant);
    Faults faults = new Faults();
    if (trust.isPresent() && !(jwks instanceof JwksLocation.Url at && at.url().tls())) {
      faults.across(
          key + ".trust",
          "given",
          "left out without https, which alone looks at it",
          key + ".jwks");
    }
    faults.throwIfAny();
  }

  /** An issuer; nothing for one at fault. */
  public static Optional<IssuerSettings> from(String name, Section section) {
    Optional<String> issuer = ISSUER.read(section);
    Optional<String> audience = AUDIENCE.read(section);
    Optional<JwksLocation> jwks = JWKS.read(section);
    List<SignatureAlgorithm> algorithms = ALGORITHMS.read(section);
    String scopes = SCOPES.read(section);
    List<String> grant = GRANT.read(section);
    Optional<Path> trust = TRUST.read(section);
    boolean whole = true;
    for (Key<?> key : List.of(ISSUER, AUDIENCE, JWKS, GRANT)) {
      if (!section.has(key.name())) {
        section.refuse(key.name(), "missing", key.allowed());
        whole = false;
      }
    }
    if (!whole || issuer.isEmpty() || audience.isEmpty() || jwks.isEmpty() || grant.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new IssuerSettings(
              name, issuer.get(), audience.get(), jwks.get(), algorithms, scopes, grant, trust));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return Optional.empty();
    }
  }

  /** Records a fault for each that has the {@code iss} of another one. */
  public static void requireDistinct(Collection<IssuerSettings> issuers, Faults faults) {
    Map<String, String> names = new HashMap<>();
    for (IssuerSettings each : issuers) {
      String other = names.putIfAbsent(each.issuer, each.name);
      if (other != null) {
        faults.across(
            "auth.issuers." + each.name + ".issuer",
            Faults.quoted(each.issuer),
            "another one than that of auth.issuers." + other,
            "auth.issuers." + other + ".issuer");
      }
    }
  }

  /** Without where its keys are, which may be secret. */
  @Override
  public String toString() {
    return "IssuerSettings[" + name + "]";
  }
}
