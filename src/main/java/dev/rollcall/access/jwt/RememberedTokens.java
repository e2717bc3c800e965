package dev.rollcall.access.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.access.Principal;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tokens whose signature was looked at, within two bounds of bytes: those that hold until they
 * expire, and those that don't for a while, so that sending one again costs no further check. Those
 * that don't hold take no place of those that do. Safe for use by all threads.
 *
 * <p>Tokens are found by their text ({@link TokenText}): SHA-256 would take longer than the rest.
 */
final class RememberedTokens {

  private static final long LEAST_BYTES = 4L << 20;
  private static final long REFUSED_BYTES = 1L << 20;
  private static final Duration REFUSED_FOR = Duration.ofSeconds(30);

  /** What an entry takes beside the text: a principal with its scopes, and the maps. */
  private static final int ENTRY_BYTES = 600;

  private static final int SCOPE_BYTES = 150;

  private static final Future<Principal> NOT_ACCEPTED =
      Future.failedFuture(TokenFailures.notAccepted());

  private static final Future<Principal> EXPIRED = Future.failedFuture(TokenFailures.expired());

  /** A token that holds, with the answer made beforehand. */
  private record Held(
      TokenIssuer issuer, VerificationKey key, Principal principal, Future<Principal> answer) {}

  private final Cache<TokenText, Held> held;
  private final Cache<TokenText, Boolean> refused;

  RememberedTokens() {
    long bytes = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 32);
    held =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((TokenText token, Held entry) -> weight(token) + weight(entry.principal()))
            .executor(Runnable::run)
            .build();
    refused =
        Caffeine.newBuilder()
            .maximumWeight(REFUSED_BYTES)
            .weigher((TokenText token, Boolean entry) -> weight(token))
            .expireAfterWrite(REFUSED_FOR)
            .executor(Runnable::run)
            .build();
  }

  private static int weight(TokenText token) {
    return token.length() + ENTRY_BYTES;
  }

  private static int weight(Principal principal) {
    return SCOPE_BYTES * principal.scopes().names().size();
  }

  /** Who a token stands for, or why it is refused; null where it is not remembered. */
  @Nullable Future<Principal> find(TokenText token) {
    Held entry = held.getIfPresent(token);
    if (entry != null) {
      return entry.principal().holds() ? entry.answer() : ended(token, entry);
    }
    return refused.getIfPresent(token) == null ? null : NOT_ACCEPTED;
  }

  private @Nullable Future<Principal> ended(TokenText token, Held entry) {
    if (System.currentTimeMillis() >= entry.principal().expiresAt()) {
      return EXPIRED;
    }
    // Its key was withdrawn while it was being remembered: it is to be verified anew.
    held.invalidate(token);
    return null;
  }

  /** Remembers one that was verified; gives its answer. */
  Future<Principal> hold(TokenText token, TokenIssuer.Verified verified) {
    TokenIssuer issuer = verified.issuer();
    Principal principal = verified.principal();
    Held entry = new Held(issuer, verified.key(), principal, Future.succeededFuture(principal));
    held.put(token, entry);
    KeySet keys = issuer.keys().current();
    if (keys != null && !keys.has(entry.key())) {
      // The key was withdrawn meanwhile, and nobody else looks for this token any more.
      endWithout(issuer, keys);
      return NOT_ACCEPTED;
    }
    return principal.holds() ? entry.answer() : EXPIRED;
  }

  /** Remembers one that no key has signed; gives its answer. */
  Future<Principal> refuse(TokenText token) {
    refused.put(token, Boolean.TRUE);
    return NOT_ACCEPTED;
  }

  /** Ends tokens of an issuer that were signed with a key which it has no longer. */
  void endWithout(TokenIssuer issuer, KeySet keys) {
    held.asMap()
        .values()
        .removeIf(
            entry -> {
              boolean ends = entry.issuer() == issuer && !keys.has(entry.key());
              if (ends) {
                entry.principal().revoke();
              }
              return ends;
            });
    // What a key that is gone refused, another one of its name may have signed.
    refused.invalidateAll();
  }
}
