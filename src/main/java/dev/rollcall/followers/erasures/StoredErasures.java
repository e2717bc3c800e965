package dev.rollcall.followers.erasures;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The erasures of this process' store. Safe for use by all threads. */
public final class StoredErasures implements Erasures {
  private static final Logger LOG = LoggerFactory.getLogger(StoredErasures.class);

  private final ErasureStore store;
  private final UserStore users;
  private final List<String> sources;
  private final ReceiptSigner signer;
  private final Clock clock;
  private volatile @Nullable Runnable look;

  /**
   * The erasures that a store keeps.
   *
   * @param users those of the same store
   * @param sources the names of those that are told to erase users
   */
  public StoredErasures(
      ErasureStore store,
      UserStore users,
      List<String> sources,
      ReceiptSigner signer,
      Clock clock) {
    this.store = store;
    this.users = users;
    this.sources = List.copyOf(sources);
    this.signer = signer;
    this.clock = clock;
  }

  /** What is asked for here is looked at at once; null for no more. */
  void served(@Nullable Runnable looking) {
    look = looking;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * {@inheritDoc} The erasure is there before the user is deleted, so that nobody makes the user
   * anew in between. Where the deletion fails, whoever carries erasures out does it later.
   */
  @Override
  public Future<JsonNode> start(long user, @Nullable String by) {
    return store
        .request(user, sources, by, now())
        .compose(
            erasure ->
                erasure.seq() != null
                    ? Future.succeededFuture(erasure)
                    : delete(users, store, erasure.id(), user, by)
                        .onFailure(
                            fault ->
                                LOG.warn(
                                    "the user of erasure {} is deleted later: {}",
                                    erasure.id(),
                                    fault.getMessage()))
                        .otherwiseEmpty()
                        .compose(deleted -> store.find(erasure.id()))
                        .otherwise(Optional.of(erasure))
                        .map(found -> found.orElse(erasure)))
        .map(erasure -> erasure.json(now()))
        .map(json -> (JsonNode) json)
        .onSuccess(
            started -> {
              Runnable looking = look;
              if (looking != null) {
                looking.run();
              }
            });
  }

  /** Deletes the user of an erasure as DELETE does, and notes that. Doing it twice is as once. */
  static Future<Void> delete(
      UserStore users, ErasureStore store, long erasure, long user, @Nullable String by) {
    return users
        .write(new UserWrite.Delete(user, Precondition.NONE, null, by))
        .<Void>mapEmpty()
        .recover(
            fault ->
                fault instanceof Failure failure && failure.kind() == Kind.NOT_FOUND
                    ? Future.succeededFuture()
                    : Future.failedFuture(fault))
        .compose(deleted -> store.deleted(erasure));
  }

  @Override
  public Future<JsonNode> get(long id) {
    return store
        .find(id)
        .map(
            found ->
                found
                    .orElseThrow(() -> Failure.of(Kind.NOT_FOUND, "there is no such erasure"))
                    .json(now()));
  }

  @Override
  public Future<String> receipt(long id) {
    return get(id).compose(erasure -> signer.sign(new JsonObject(erasure.toString())));
  }
}
