package dev.rollcall.config.auth;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.sources.ViewSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Sessions of the users that are kept here: they log in with their own passwords.
 *
 * @param issuer the {@code iss} of their tokens
 * @param audience the {@code aud} of their tokens
 * @param lifetime of a token; at most {@code refresh}
 * @param refresh how long a session lives that is not refreshed
 * @param rotate how long a key signs
 * @param views which views users may read of themselves
 * @param patch what users may change of themselves
 */
public record SessionSettings(
    String issuer,
    String audience,
    Duration lifetime,
    Duration refresh,
    Duration rotate,
    List<String> views,
    List<Member> patch) {

  /** What a user has that may be changed. */
  public enum Member {
    NAME,
    EMAIL,
    ATTRIBUTES
  }

  private static final Rule<String> TEXT =
      Rule.text(Pattern.compile("[\\x21-\\x7E]{1,1000}"), "1 to 1000 ASCII characters, no spaces");

  private static final Key<Optional<String>> ISSUER = Key.optional("auth.sessions.issuer", TEXT);

  private static final Key<Optional<String>> AUDIENCE =
      Key.optional("auth.sessions.audience", TEXT);

  private static final Key<Duration> LIFETIME =
      Key.duration("auth.sessions.lifetime", "15m", "10s", "24h");

  private static final Key<Duration> REFRESH =
      Key.duration("auth.sessions.refresh", "30d", "1m", "365d");

  private static final Key<Duration> ROTATE =
      Key.duration("auth.sessions.rotate", "30d", "1h", "365d");

  private static final Key<List<String>> VIEWS =
      Key.list(
          "auth.sessions.views",
          List.of(),
          new ListRule<>(ViewSettings.NAME, 0, 1_000, "names of views"));

  private static final Key<List<Member>> PATCH =
      Key.list(
          "auth.sessions.patch",
          List.of(),
          new ListRule<>(Rule.oneOf(Member.class), 0, Member.values().length, "members of a user"));

  public SessionSettings {
    ISSUER.check(Optional.of(issuer));
    AUDIENCE.check(Optional.of(audience));
    LIFETIME.check(lifetime);
    REFRESH.check(refresh);
    ROTATE.check(rotate);
    VIEWS.check(views);
    PATCH.check(patch);
    views = List.copyOf(views);
    patch = List.copyOf(patch);
    Faults faults = new Faults();
    if (lifetime.compareTo(refresh) > 0) {
      faults.across(
          LIFETIME.path(),
          lifetime.toSeconds() + "s",
          "at most " + REFRESH.path(),
          LIFETIME.path(),
          REFRESH.path());
    }
    faults.throwIfAny();
  }

  /** The sessions of a section {@code auth}; nothing where there are none, or one is at fault. */
  public static Optional<SessionSettings> from(Section auth) {
    boolean given = auth.has("sessions");
    Section section = auth.section("sessions");
    Optional<String> issuer = ISSUER.read(section);
    Optional<String> audience = AUDIENCE.read(section);
    Duration lifetime = LIFETIME.read(section);
    Duration refresh = REFRESH.read(section);
    Duration rotate = ROTATE.read(section);
    List<String> views = VIEWS.read(section);
    List<Member> patch = PATCH.read(section);
    if (given) {
      for (Key<?> key : List.of(ISSUER, AUDIENCE)) {
        if (!section.has(key.name())) {
          section.refuse(key.name(), "missing", key.allowed());
        }
      }
    }
    if (issuer.isEmpty() || audience.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SessionSettings(
              issuer.get(), audience.get(), lifetime, refresh, rotate, views, patch));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return Optional.empty();
    }
  }

  /** Records a fault where an issuer of others has the {@code iss} of these tokens. */
  public void requireDistinct(Iterable<IssuerSettings> issuers, Faults faults) {
    for (IssuerSettings each : issuers) {
      if (each.issuer().equals(issuer)) {
        String other = "auth.issuers." + each.name() + ".issuer";
        faults.across(
            ISSUER.path(),
            Faults.quoted(issuer),
            "another one than that of auth.issuers." + each.name(),
            ISSUER.path(),
            other);
      }
    }
  }

  /** Records a fault for each view that there is not. */
  public void requireViews(Iterable<String> declared, Faults faults) {
    List<String> missing = new ArrayList<>(views);
    declared.forEach(missing::remove);
    missing.forEach(
        name ->
            faults.across(
                VIEWS.path(), Faults.quoted(name), "views that are declared", VIEWS.path()));
  }
}
