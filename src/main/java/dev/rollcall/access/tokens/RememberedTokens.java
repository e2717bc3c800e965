package dev.rollcall.access.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tokens whose signature was looked at, within two bounds of bytes: those that hold until they
 * expire, and those that don't for a while, so that sending one again costs no further check. Those
 * that don't hold take no place of those that do. Safe for use by all threads.
 *
 * <p>Tokens are found by their text ({@link TokenText}): SHA-256 would take longer than the rest.
 *
 * @param <V> by what a token was verified
 */
public final class RememberedTokens<V> {

  private static final long LEAST_BYTES = 4L << 20;
  private static final long REFUSED_BYTES = 1L << 20;
  private static final Duration REFUSED_FOR = Duration.ofSeconds(30);

  /** What an entry takes beside the text: a principal with its scopes, and the maps. */
  private static final int ENTRY_BYTES = 600;

  private static final int SCOPE_BYTES = 150;

  private static final Future<Principal> NOT_ACCEPTED =
      Future.failedFuture(Authentication.refused());

  private static final Future<Principal> EXPIRED = Future.failedFuture(Authentication.expired());

  /** A token that holds, with the answer made beforehand. */
  private static final class Held<V> {
    private final RememberedTokens<V> in;
    private final V verifiedBy;
    private final Principal principal;
    private final Future<Principal> answer;
    private volatile boolean forgotten;

    Held(RememberedTokens<V> in, V verifiedBy, Principal principal) {
      this.in = in;
      this.verifiedBy = verifiedBy;
      this.principal = principal;
      this.answer = Future.succeededFuture(principal);
    }
  }

  private final Cache<TokenText, Held<V>> held;
  private final Cache<TokenText, Boolean> refused;

  /** None yet. */
  public RememberedTokens() {
    this(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 32));
  }

  /**
   * None yet.
   *
   * @param bytes of those that hold
   */
  RememberedTokens(long bytes) {
    held =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((TokenText token, Held<V> entry) -> weight(token) + weight(entry.principal))
            .removalListener((token, entry, why) -> forget(entry))
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

  private static <V> void forget(@Nullable Held<V> entry) {
    if (entry != null) {
      entry.forgotten = true;
    }
  }

  /** Who a token stands for, or why it is refused; null where it is not remembered. */
  public @Nullable Future<Principal> find(TokenText token) {
    // The cache looks at the text, and notes each reading.
    if (token.recall() instanceof Held<?> known && known.in == this && !known.forgotten) {
      return answer(known);
    }
    Held<V> entry = held.getIfPresent(token);
    if (entry != null) {
      token.foundAs(entry);
      return answer(entry);
    }
    return refused.getIfPresent(token) == null ? null : NOT_ACCEPTED;
  }

  private static Future<Principal> answer(Held<?> entry) {
    if (entry.principal.holds()) {
      return entry.answer;
    }
    boolean expired = System.currentTimeMillis() >= entry.principal.expiresAt();
    return expired ? EXPIRED : NOT_ACCEPTED;
  }

  /**
   * Remembers one that was verified; gives its answer.
   *
   * @param principal who it stands for; revoked where that ends before the token expires
   */
  public Future<Principal> hold(TokenText token, V verifiedBy, Principal principal) {
    Held<V> entry = new Held<>(this, verifiedBy, principal);
    held.put(token, entry);
    return answer(entry);
  }

  /** Remembers one that no key has signed; gives its answer. */
  public Future<Principal> refuse(TokenText token) {
    refused.put(token, Boolean.TRUE);
    return NOT_ACCEPTED;
  }

  /** Ends tokens by what they were verified by, which holds no longer. */
  public void end(Predicate<V> verifiedBy) {
    held.asMap()
        .values()
        .removeIf(
            entry -> {
              boolean ends = verifiedBy.test(entry.verifiedBy);
              if (ends) {
                entry.principal.revoke();
              }
              return ends;
            });
    // What a key that is gone refused, another one of its name may have signed.
    refused.invalidateAll();
  }
}
