package dev.rollcall.access.sessions;

import dev.rollcall.access.signing.DerivedKeys;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that a node with a store signs by, which all nodes of that store share: each is
 * published for a while before it is used, and takes turns with the next one.
 *
 * <pre>
 *   made ── published, 10 minutes ──▶ signs, for rotate ──▶ the next one signs
 *                                                               │ until its last token has run out
 *                                                               ▼
 *                                                             removed
 * </pre>
 *
 * <p>Where no key can be used, as at first or with another {@code auth.secret}, one is made that
 * signs at once. Safe for use by all threads.
 */
final class SigningKeys {

  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

  /** Twice as long as a JWKS is kept. */
  static final Duration PUBLISHED_BEFORE = Duration.ofMinutes(10);

  private final SessionStore store;
  private final DerivedKeys keys;
  private final Duration rotate;
  private final Duration lifetime;
  private final Clock clock;

  /** By the names of their keys; empty for one that this secret does not decrypt. */
  private final Map<String, Optional<SessionSigner>> signers = new ConcurrentHashMap<>();

  private volatile List<SigningKey> known = List.of();

  SigningKeys(
      SessionStore store, DerivedKeys keys, Duration rotate, Duration lifetime, Clock clock) {
    this.store = store;
    this.keys = keys;
    this.rotate = rotate;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** There are these, as the store has it. */
  void are(List<SigningKey> stored) {
    for (SigningKey key : stored) {
      signers.computeIfAbsent(key.name(), name -> signer(key));
    }
    known = List.copyOf(stored);
    signers.keySet().retainAll(stored.stream().map(SigningKey::name).toList());
  }

  private Optional<SessionSigner> signer(SigningKey key) {
    try {
      return Optional.of(SessionSigner.of(key, keys));
    } catch (GeneralSecurityException e) {
      LOG.warn("the key {} of sessions was encrypted by another auth.secret", key.name());
      return Optional.empty();
    }
  }

  /**
   * The one that signs now.
   *
   * @throws Failure {@code UNAVAILABLE} where there is none yet
   */
  SessionSigner current() {
    return usable(clock.instant())
        .orElseThrow(() -> Failure.of(Kind.UNAVAILABLE, "no key can sign tokens yet"));
  }

  private Optional<SessionSigner> usable(Instant at) {
    return known.stream()
        .filter(key -> !key.usedFrom().isAfter(at))
        .sorted(Comparator.comparing(SigningKey::usedFrom).reversed())
        .flatMap(key -> signers.getOrDefault(key.name(), Optional.empty()).stream())
        .findFirst();
  }

  /** Makes the next key where it is time for that; whether it did, or another node before it. */
  Future<Boolean> renew() {
    Instant now = clock.instant();
    List<SigningKey> there = known;
    Optional<SessionSigner> signing = usable(now);
    Instant usedFrom = now;
    if (signing.isPresent()) {
      Instant current = signing.get().key().usedFrom();
      boolean waits = there.stream().anyMatch(key -> key.usedFrom().isAfter(now) && isUsable(key));
      if (waits || now.isBefore(current.plus(rotate).minus(PUBLISHED_BEFORE))) {
        return Future.succeededFuture(false);
      }
      usedFrom = now.plus(PUBLISHED_BEFORE);
    }
    long newest = there.stream().mapToLong(SigningKey::id).max().orElse(0);
    SigningKey next = SessionSigner.generate(newest + 1, keys, now, usedFrom);
    return store
        .addSigningKey(next, lifetime)
        .onSuccess(
            added -> {
              if (added) {
                LOG.info(
                    "the key {} signs tokens of sessions from {} on", next.name(), next.usedFrom());
              }
            })
        .map(true);
  }

  private boolean isUsable(SigningKey key) {
    return signers.getOrDefault(key.name(), Optional.empty()).isPresent();
  }
}
