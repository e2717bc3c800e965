package dev.rollcall.config;

import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.SessionSettings;
import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether callers must say who they are, and how they can.
 *
 * @param kind empty where nobody wrote it down, which is enough on loopback alone
 * @param secret what encrypts private keys in the store
 * @param issuers whose JWTs are accepted, by their names; no two of one {@code iss}
 * @param sessions of the users that are kept here; none where they can't log in
 */
public record AuthSettings(
    Optional<Kind> kind,
    Optional<String> secret,
    Optional<String> adminKey,
    Map<String, IssuerSettings> issuers,
    Optional<SessionSettings> sessions) {
  /** Whether callers must say who they are. */
  public enum Kind {
    /** Whoever reaches the ports may do everything. */
    NONE,
    /** Each request needs a key or a token, save those of open operations. */
    REQUIRED
  }

  private static final Key<Optional<Kind>> KIND = Key.optional("auth.kind", Rule.oneOf(Kind.class));

  private static final Key<Optional<String>> SECRET =
      Key.optional(
          "auth.secret",
          Rule.text(
                  Pattern.compile("(?s).{32,4096}"),
                  "32 to 4096 characters that nobody can guess, such as those of openssl rand -hex"
                      + " 32")
              .secret());

  private static final Key<Optional<String>> ADMIN_KEY =
      Key.optional(
          "auth.adminKey",
          Rule.text(
                  Pattern.compile("(?!rck_)[A-Za-z0-9._~+/=-]{32,1024}"),
                  "32 to 1024 letters, digits and . _ ~ + / = - that nobody can guess, such as"
                      + " those of openssl rand -hex 32; not beginning with rck_")
              .secret());

  public AuthSettings {
    KIND.check(kind);
    SECRET.check(secret);
    ADMIN_KEY.check(adminKey);
    issuers = Collections.unmodifiableMap(new LinkedHashMap<>(issuers));
    Faults faults = new Faults();
    IssuerSettings.requireDistinct(issuers.values(), faults);
    if (sessions.isPresent()) {
      sessions.get().requireDistinct(issuers.values(), faults);
      if (secret.isEmpty()) {
        faults.missing(
            SECRET.path(), "missing: auth.sessions needs " + SECRET.allowed(), SECRET.path());
      }
    }
    faults.throwIfAny();
  }

  /** Whether callers must say who they are. */
  public boolean required() {
    return kind.equals(Optional.of(Kind.REQUIRED));
  }

  /** Finds the fault of a port that others than this machine reach, where nobody chose a kind. */
  void checkReach(String key, String host, Faults faults) {
    if (kind.isEmpty() && !HostRules.isLoopback(host)) {
      faults.missing(
          KIND.path(),
          "not set, and "
              + key
              + " "
              + host
              + " is not loopback; set auth.kind=required (and"
              + " auth.adminKey), or auth.kind=none to serve whoever reaches it",
          key);
    }
  }

  /** Without the key and the secret. */
  @Override
  public String toString() {
    return "auth " + kind;
  }

  static AuthSettings from(Section section) {
    return new AuthSettings(
        KIND.read(section),
        SECRET.read(section),
        ADMIN_KEY.read(section),
        section.each("issuers", IssuerSettings.NAME, IssuerSettings::from),
        SessionSettings.from(section));
  }
}
