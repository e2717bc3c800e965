package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where users are kept. A key that does not belong to the kind is at fault.
 *
 * @param postgres present for this kind and no other
 */
public record StoreSettings(
    Kind kind, Path path, int readers, int queue, long cache, Optional<Postgres> postgres) {
  public enum Kind {
    /** A file of this process' own. */
    SQLITE,
    /** A PostgreSQL database, which several processes may share. */
    POSTGRES,
    /** Other nodes of the cluster, asked over the event bus. */
    REMOTE
  }

  private static final Key<Kind> KIND = Key.of("store.kind", Kind.SQLITE, Rule.oneOf(Kind.class));
  private static final Key<Path> FILE =
      Key.of("store.path", Path.of("data/rollcall.db"), Rule.path("the path of the database file"));
  private static final Key<Integer> QUEUE = Key.integer("store.queue", 4_096, 1, 1_000_000);
  private static final Key<Long> CACHE =
      Key.computed(
          "store.cache",
          () -> Math.min(64 * GIB, Runtime.getRuntime().maxMemory() / 4),
          Rule.size("0", "64GiB"));

  private static final Key<Integer> READERS = Key.integer("store.readers", 2, 1, 64);
  private static final int READERS_OF_POSTGRES = 4;

  /** The keys that each kind may have beside {@code kind} itself. */
  private static final Map<Kind, List<Key<?>>> KEYS =
      Map.of(
          Kind.SQLITE, List.of(FILE, READERS, QUEUE, CACHE),
          Kind.POSTGRES,
              List.of(
                  Postgres.URI,
                  Postgres.USER,
                  Postgres.PASSWORD,
                  Postgres.TLS,
                  Postgres.TRUST,
                  Postgres.TIMEOUT,
                  READERS,
                  QUEUE),
          Kind.REMOTE, List.of());

  public StoreSettings {
    FILE.check(path);
    READERS.check(readers);
    QUEUE.check(queue);
    CACHE.check(cache);
    if (postgres.isPresent() != (kind == Kind.POSTGRES)) {
      throw new IllegalArgumentException(
          Faults.line(
              Postgres.URI.path(),
              postgres.isPresent() ? "given" : "left out",
              belongs(Postgres.URI)));
    }
  }

  /** Whether other nodes keep the users. */
  public boolean isOfOtherNodes() {
    return kind == Kind.REMOTE;
  }

  static StoreSettings from(Section section) {
    Kind kind = KIND.read(section);
    Optional<Postgres> postgres = Postgres.from(section, kind == Kind.POSTGRES);
    StoreSettings read =
        new StoreSettings(
            kind == Kind.POSTGRES && postgres.isEmpty() ? Kind.SQLITE : kind,
            FILE.read(section),
            kind == Kind.POSTGRES
                ? READERS.read(section, READERS_OF_POSTGRES)
                : READERS.read(section),
            QUEUE.read(section),
            CACHE.read(section),
            postgres);
    KEYS.values().stream()
        .flatMap(List::stream)
        .distinct()
        .filter(key -> !belongs(key, kind) && section.has(key.name()))
        .sorted(Comparator.comparing(Key::name))
        .forEach(key -> section.refuse(key.name(), "given", belongs(key)));
    return read;
  }

  private static boolean belongs(Key<?> key, Kind kind) {
    return KEYS.getOrDefault(kind, List.of()).contains(key);
  }

  private static String belongs(Key<?> key) {
    String kinds =
        Stream.of(Kind.values())
            .filter(kind -> belongs(key, kind))
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .reduce((one, other) -> one + " or " + other)
            .orElseThrow();
    return "belongs to store.kind " + kinds + ", and to no other";
  }

  /** A PostgreSQL database. */
  public record Postgres(
      PostgresUri uri,
      String user,
      String password,
      Tls tls,
      Optional<Path> trust,
      Duration timeout) {
    private static final Key<Optional<PostgresUri>> URI =
        Key.optional(
            "store.uri",
            Rule.parsed(PostgresUri::parse, uri -> true, PostgresUri::toString, PostgresUri.FORM)
                .secret());

    private static final Key<Optional<String>> USER =
        Key.optional(
            "store.user",
            Rule.text(
                Pattern.compile("[^\\p{Cntrl}]{1,63}"), "the name of a user of the database"));

    private static final Key<Optional<String>> PASSWORD =
        Key.optional(
            "store.password",
            Rule.text(Pattern.compile("[^\\x00]{0,1024}"), "at most 1024 characters").secret());

    private static final Key<Tls> TLS =
        Key.of(
            "store.tls",
            Tls.VERIFY_FULL,
            Rule.parsed(
                Tls::of, tls -> true, Tls::word, "disable, require, verify-ca or verify-full"));

    private static final Key<Optional<Path>> TRUST =
        Key.optional("store.trust", Rule.path("the path of a PEM file"));

    private static final Key<Duration> TIMEOUT = Key.duration("store.timeout", "5s", "100ms", "1m");

    public Postgres {
      USER.check(Optional.of(user));
      PASSWORD.check(Optional.of(password));
      TIMEOUT.check(timeout);
      if (trust.isPresent() && !tls.verifies()) {
        throw new IllegalArgumentException(
            Faults.line(
                TRUST.path(), "given", "goes with store.tls verify-ca or verify-full only"));
      }
    }

    /** Empty for another kind, and where a required key is missing, which is a fault. */
    private static Optional<Postgres> from(Section section, boolean wanted) {
      Optional<PostgresUri> uri = URI.read(section);
      Optional<String> user = USER.read(section).or(() -> uri.flatMap(PostgresUri::user));
      Optional<String> password =
          PASSWORD.read(section).or(() -> uri.flatMap(PostgresUri::password));
      boolean local = uri.map(PostgresUri::isLocal).orElse(false);
      Tls tls = TLS.read(section, local ? Tls.DISABLE : Tls.VERIFY_FULL);
      Optional<Path> trust = TRUST.read(section);
      Duration timeout = TIMEOUT.read(section);
      if (!wanted) {
        return Optional.empty();
      }
      if (!section.has(URI.name())) {
        section.refuse(
            URI.name(), "left out", "needed for store.kind postgres: " + PostgresUri.FORM);
      } else if (uri.isPresent() && user.isEmpty() && !section.has(USER.name())) {
        section.refuse(USER.name(), "left out", "needed where store.uri names no user");
      }
      return uri.flatMap(
          where ->
              user.map(who -> new Postgres(where, who, password.orElse(""), tls, trust, timeout)));
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Postgres[" + uri + ", tls=" + tls.word() + "]";
    }
  }

  /** How a connection is protected, by the names of PostgreSQL's {@code sslmode}. */
  public enum Tls {
    DISABLE,
    /** Encrypted, to any server. */
    REQUIRE,
    /** Encrypted, to a server with a trusted certificate. */
    VERIFY_CA,
    /** Encrypted, to a server with a trusted certificate for this host. */
    VERIFY_FULL;

    private static @Nullable Tls of(String text) {
      return Stream.of(values()).filter(tls -> tls.word().equals(text)).findFirst().orElse(null);
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_FULL;
    }
  }
}
