package dev.rollcall.access;

import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Authentication with a few keys, for servers that tests start. */
public final class TestAuthentication {

  private static final List<String> SCOPES =
      List.of(
          "users:read",
          "users:write",
          "credentials",
          "views:read",
          "jobs",
          "keys",
          "webhooks",
          "ops");

  /** The text of a key of each scope, in their order. */
  private static final List<String> TEXTS = SCOPES.stream().map(s -> KeyText.generate()).toList();

  private TestAuthentication() {}

  /** With a key for each scope. */
  public static Authentication of(Settings settings) {
    return of(settings, ring());
  }

  /** With these keys. */
  public static Authentication of(Settings settings, KeyRing ring) {
    return new Authentication(
        settings.auth(), ring, token -> Future.failedFuture(Authentication.refused()));
  }

  /** With these keys, and the tokens of sessions. */
  public static Authentication of(
      Settings settings, KeyRing ring, Optional<UserSessions> sessions) {
    return new Authentication(
        settings.auth(),
        ring,
        token -> {
          Future<Principal> own = sessions.isPresent() ? sessions.get().identify(token) : null;
          return own == null ? Future.failedFuture(Authentication.refused()) : own;
        });
  }

  /** A key for each scope. */
  public static KeyRing ring() {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < SCOPES.size(); i++) {
      keys.add(key(i + 1, TEXTS.get(i), null, SCOPES.get(i)));
    }
    KeyRing ring = new KeyRing();
    ring.replace(keys, System.nanoTime());
    return ring;
  }

  /**
   * Keys instead of those that a ring has.
   *
   * @param scopes of one key each, separated by spaces
   * @return their texts
   */
  public static List<String> replace(KeyRing ring, String... scopes) {
    List<ApiKey> keys = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (String each : scopes) {
      String text = KeyText.generate();
      texts.add(text);
      keys.add(key(texts.size(), text, null, each.split(" ", -1)));
    }
    ring.replace(keys, System.nanoTime());
    return texts;
  }

  /** The keys of a store, which no authentication follows. */
  public static Keys keys(Vertx vertx, KeyStore store) {
    return new Keys(store, new KeyFollower(vertx, store, new KeyRing()));
  }

  /** The text of the key that has one scope. */
  public static String key(String scope) {
    return TEXTS.get(SCOPES.indexOf(scope));
  }

  static ApiKey key(long id, String text, @Nullable Instant expiresAt, String... scopes) {
    return new ApiKey(
        id,
        "key " + id,
        Scopes.of(List.of(scopes)),
        KeyHash.of(text),
        Instant.EPOCH,
        expiresAt,
        null,
        null);
  }
}
