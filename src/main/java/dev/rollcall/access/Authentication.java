package dev.rollcall.access;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.AuthSettings;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who asks, by the field {@code Authorization}: the administrator's key, a key of the
 * store, or a token. Safe for use by all threads.
 */
public final class Authentication {
  private static final String BEARER = "Bearer ";

  /** No key is as long, and no token that is accepted. */
  private static final int LONGEST = 16 * 1024;

  private static final Future<Principal> ANYBODY = Future.succeededFuture(Principal.ANYBODY);

  private static final Future<Principal> MISSING =
      Future.failedFuture(Failure.of(Kind.UNAUTHORIZED, "a key or a token is needed"));

  private static final Future<Principal> REFUSED = Future.failedFuture(refused());

  private static final Future<Principal> EXPIRED = Future.failedFuture(expired());

  private final boolean required;
  private final @Nullable KeyHash adminKey;
  private final int adminKeyLength;
  private final KeyRing keys;
  private final Function<TokenText, Future<Principal>> tokens;
  private final Future<Principal> admin =
      Future.succeededFuture(new Principal("admin", Scopes.ALL, Long.MAX_VALUE));

  /**
   * The authentication of a process.
   *
   * @param tokens who a text stands for that has the form of a JWT; may take a while, and fails
   *     with {@code UNAUTHORIZED} or {@code UNAVAILABLE}
   */
  public Authentication(
      AuthSettings settings, KeyRing keys, Function<TokenText, Future<Principal>> tokens) {
    this.required = settings.required();
    Optional<String> key = settings.adminKey();
    this.adminKey = key.isPresent() ? KeyHash.of(key.get()) : null;
    this.adminKeyLength = key.map(String::length).orElse(-1);
    this.keys = keys;
    this.tokens = tokens;
  }

  /** What a token is refused with of which nothing more is said. */
  public static Failure refused() {
    return invalid("the token is not accepted");
  }

  /** What a token is refused with whose time is over. */
  public static Failure expired() {
    return invalid("the token has expired");
  }

  /**
   * What a token is answered with of which it can't be said now whether it holds.
   *
   * @param retrySeconds after which time that may be different, at least 1
   */
  public static Failure unavailable(String why, long retrySeconds) {
    return Failure.of(Kind.UNAVAILABLE, why).with(Failure.RETRY_AFTER, Math.max(1, retrySeconds));
  }

  private static Failure invalid(String detail) {
    return Failure.of(Kind.UNAUTHORIZED, detail).with(Challenge.ERROR, "invalid_token");
  }

  /**
   * Who asks.
   *
   * @param fields the values of all fields {@code Authorization} of the request
   * @return mostly complete already; fails with {@code UNAUTHORIZED}, or with {@code UNAVAILABLE}
   *     where that can't be found out now
   */
  public Future<Principal> identify(List<String> fields) {
    return identify(fields, this::read);
  }

  /** The same, with something that may know already what {@link #read} makes of a field. */
  Future<Principal> identify(List<String> fields, Function<String, Credential> reader) {
    if (!required) {
      return ANYBODY;
    }
    if (fields.isEmpty()) {
      return MISSING;
    }
    return fields.size() > 1 ? REFUSED : identify(reader.apply(fields.get(0)));
  }

  /** Takes a field apart, which says nothing of whether its credential holds. */
  Credential read(String field) {
    boolean bearer = field.regionMatches(true, 0, BEARER, 0, BEARER.length());
    if (!bearer || field.length() > LONGEST) {
      return Credential.none(field);
    }
    String text = field.substring(BEARER.length());
    if (KeyText.isKey(text)) {
      return Credential.key(field, text);
    }
    // Of another length it is another one, whose hash need not be made.
    if (text.length() == adminKeyLength && KeyHash.of(text).equals(adminKey)) {
      return Credential.key(field, text);
    }
    return text.indexOf('.') > 0 ? Credential.token(field, text) : Credential.none(field);
  }

  private Future<Principal> identify(Credential credential) {
    TokenText token = credential.token();
    if (token != null) {
      return tokens.apply(token);
    }
    KeyHash key = credential.key();
    if (key == null) {
      return REFUSED;
    }
    return key.equals(adminKey) ? admin : byKey(key);
  }

  private Future<Principal> byKey(KeyHash key) {
    Future<Principal> found = keys.find(key);
    if (found == null) {
      return REFUSED;
    }
    return found.succeeded() && !found.result().holds() ? EXPIRED : found;
  }
}
