package dev.rollcall.followers.receipts;

import dev.rollcall.access.signing.DerivedKeys;
import dev.rollcall.access.signing.SigningPair;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.erasures.ReceiptSigner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs receipts by a key that all nodes of a store share, and that is made once: the newest that
 * {@code auth.secret} decrypts. Where there is none, as at first or with another secret, one is
 * made. Whatever signs was read from the store just before, so it is published there. Safe for use
 * by all threads.
 */
public final class StoredReceipts implements ReceiptSigner, ReceiptKeys {
  private static final Logger LOG = LoggerFactory.getLogger(StoredReceipts.class);

  private static final String TYPE = "rollcall-receipt+jwt";

  /** What a private key is encrypted for, so that one of sessions can't take its place. */
  private static final String PURPOSE = "receipts ";

  /** How often a key is made while others make some too, each of which would do. */
  private static final int TRIES = 3;

  private final Vertx vertx;
  private final ReceiptKeyStore store;
  private final Optional<DerivedKeys> keys;
  private final Clock clock;

  /** By the names of their keys; empty for one that this secret does not decrypt. */
  private final Map<String, Optional<SigningPair>> pairs = new ConcurrentHashMap<>();

  /**
   * Receipts of a store.
   *
   * @param secret {@code auth.secret}; none where nothing can be signed
   * @param clock that of the system, unless a test moves it
   */
  public StoredReceipts(Vertx vertx, ReceiptKeyStore store, Optional<String> secret, Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.keys = secret.map(DerivedKeys::new);
    this.clock = clock;
  }

  /**
   * Makes sure that there is a key, so that it is published before it signs; does nothing without
   * {@code auth.secret}.
   *
   * @return fails where the store does not answer
   */
  public Future<Void> start() {
    return keys.isEmpty() ? Future.succeededFuture() : signer(TRIES).mapEmpty();
  }

  @Override
  public Future<List<ReceiptKey>> published() {
    return store.receiptKeys().map(all -> all.stream().map(ReceiptKey::published).toList());
  }

  /**
   * A compact JWS over an erasure, the same each time as long as the key is.
   *
   * @param erasure as it is shown
   * @return fails with {@code CONFLICT} where there is no {@code auth.secret}, with {@code
   *     UNAVAILABLE} where the store can't be reached
   */
  @Override
  public Future<String> sign(JsonObject erasure) {
    if (keys.isEmpty()) {
      return Future.failedFuture(
          Failure.of(
              Kind.CONFLICT,
              "receipts are signed by a key that is kept encrypted: set auth.secret, to 32"
                  + " characters or more that nobody can guess, and ask again"));
    }
    String json = erasure.encode();
    return signer(TRIES)
        .compose(
            signer ->
                vertx.executeBlocking(
                    () -> signer.pair.sign(SigningPair.header(TYPE, signer.name), json), false));
  }

  private record Signer(String name, SigningPair pair) {}

  private Future<Signer> signer(int tries) {
    return store
        .receiptKeys()
        .compose(
            stored -> {
              for (int i = stored.size() - 1; i >= 0; i--) {
                ReceiptKey key = stored.get(i);
                Optional<SigningPair> pair =
                    pairs.computeIfAbsent(key.name(), name -> decrypt(key));
                if (pair.isPresent()) {
                  return Future.succeededFuture(new Signer(key.name(), pair.get()));
                }
              }
              return tries == 0
                  ? Future.failedFuture(
                      Failure.of(Kind.UNAVAILABLE, "no key can sign receipts yet"))
                  : add(stored.isEmpty() ? 0 : stored.get(stored.size() - 1).id(), tries);
            });
  }

  private Optional<SigningPair> decrypt(ReceiptKey key) {
    try {
      return Optional.of(
          SigningPair.kept(key.privateKey(), keys.orElseThrow(), PURPOSE + key.name()));
    } catch (GeneralSecurityException e) {
      LOG.warn("the key {} of receipts was encrypted by another auth.secret", key.name());
      return Optional.empty();
    }
  }

  private Future<Signer> add(long newest, int tries) {
    SigningPair pair = SigningPair.generate();
    byte[] publicKey = pair.publicKey();
    String name = SigningPair.thumbprint(publicKey);
    ReceiptKey made =
        new ReceiptKey(
            newest + 1,
            name,
            publicKey,
            pair.encrypted(keys.orElseThrow(), PURPOSE + name),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    // Whoever was faster has made the one that is read now.
    return store
        .addReceiptKey(made)
        .onSuccess(
            added -> {
              if (added) {
                LOG.info("the key {} signs receipts of erasures", name);
              }
            })
        .compose(added -> signer(tries - 1));
  }
}
