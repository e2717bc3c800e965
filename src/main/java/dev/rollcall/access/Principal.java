package dev.rollcall.access;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and what it may do: a key, a subject of an issuer, a session of a user, the
 * administrator; or anybody, where nobody has to say who he is.
 *
 * <p>It travels with the request, the message, the job and the change. One that is revoked stays
 * so: what goes on for long looks at {@link #holds} again. Safe for use by all threads.
 */
public final class Principal {
  /** Anybody, where nobody has to say who he is: may do everything, and has no name. */
  public static final Principal ANYBODY = new Principal(null, Scopes.ALL, Long.MAX_VALUE);

  /**
   * Whoever asks for what is open to everybody: nothing is known of it, and it may nothing else.
   */
  public static final Principal NOBODY = new Principal(null, Scopes.NONE, Long.MAX_VALUE);

  /** What the names of sessions' users begin with, before the id. */
  public static final String SESSION = "session:";

  private final @Nullable String name;
  private final Scopes scopes;
  private final long expiresAt;
  private final @Nullable SelfRights self;
  private final boolean ofIssuer;
  private volatile boolean revoked;

  /**
   * A principal that is not revoked.
   *
   * @param name what changes say who made them, such as {@code key:7}; null for anybody
   * @param expiresAt in milliseconds since 1970, from which on it holds no longer
   */
  public Principal(@Nullable String name, Scopes scopes, long expiresAt) {
    this(name, scopes, expiresAt, null, false);
  }

  private Principal(
      @Nullable String name,
      Scopes scopes,
      long expiresAt,
      @Nullable SelfRights self,
      boolean ofIssuer) {
    this.name = name;
    this.scopes = scopes;
    this.expiresAt = expiresAt;
    this.self = self;
    this.ofIssuer = ofIssuer;
  }

  /** A user, by a session of his own. */
  public static Principal ofSession(SelfRights self, long expiresAt) {
    return new Principal(
        SESSION + self.user(), Scopes.of(List.of(SelfRights.SCOPE)), expiresAt, self, false);
  }

  /** A subject of a declared issuer, by a token that was verified. */
  public static Principal ofIssuer(String name, Scopes scopes, long expiresAt) {
    return new Principal(name, scopes, expiresAt, null, true);
  }

  /** Whether a token of a declared issuer says who it is. */
  public boolean isOfIssuer() {
    return ofIssuer;
  }

  /** What changes say who made them; null for anybody. */
  public @Nullable String name() {
    return name;
  }

  public Scopes scopes() {
    return scopes;
  }

  /** What it may ask about itself, whatever its scopes; null for all but sessions of users. */
  public @Nullable SelfRights self() {
    return self;
  }

  /** When it expires, in milliseconds since 1970. */
  public long expiresAt() {
    return expiresAt;
  }

  /** Ends it everywhere in this process. */
  public void revoke() {
    revoked = true;
  }

  /** Whether it may ever be revoked, or expire. */
  public boolean mayEnd() {
    return name != null;
  }

  /** Whether it is neither revoked nor expired. */
  public boolean holds() {
    return !revoked && (expiresAt == Long.MAX_VALUE || System.currentTimeMillis() < expiresAt);
  }

  /**
   * Refuses one that does not hold a scope.
   *
   * @throws Failure {@code FORBIDDEN} that names the scope
   */
  public void require(String scope) {
    if (!scopes.hold(scope)) {
      throw Failure.of(Kind.FORBIDDEN, "this needs the scope " + scope)
          .with(Challenge.SCOPE, scope);
    }
  }

  /**
   * Refuses one that holds neither a scope nor that of one thing below it.
   *
   * @throws Failure {@code FORBIDDEN} that names the scope of the one thing
   */
  public void require(String scope, String name) {
    if (!scopes.hold(scope)) {
      require(scope + ":" + name);
    }
  }

  /**
   * Refuses one that holds neither a scope nor one below it.
   *
   * @throws Failure {@code FORBIDDEN} that names the scope
   */
  public void requireSome(String scope) {
    if (!scopes.holdSome(scope)) {
      require(scope);
    }
  }

  @Override
  public String toString() {
    return name == null ? "anybody" : name;
  }
}
