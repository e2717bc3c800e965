package dev.rollcall.store.remote;

import static dev.rollcall.store.remote.NamedCalls.named;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.store.remote.OwnerCall.Work;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The store of other nodes, over the event bus. Safe for use by all threads.
 *
 * <p>It implements the port of the stores and not {@link dev.rollcall.users.Users}, so that
 * everything above is the same on every node: passwords are hashed where they arrive, and only
 * hashes travel; and the contract of all stores is tested with this one as well.
 *
 * <p>Each write has an op, a new one where the caller gave none, so that it can be repeated at
 * another node without being done twice. A call takes 5 s at most, a list of writes 20 s.
 */
public final class RemoteStore implements UserStore {

  private final Vertx vertx;
  private final AnnouncedOwners owners = new AnnouncedOwners();
  private final ChangeSignal signal = new ChangeSignal();
  private final AtomicLong position = new AtomicLong();
  private final Promise<Void> found = Promise.promise();
  private final MessageConsumer<Object> announcements;

  private RemoteStore(Vertx vertx) {
    this.vertx = vertx;
    this.announcements = vertx.eventBus().consumer(Addresses.USERS_OWNER, this::announced);
  }

  /**
   * Waits for a node that holds the store; each announces itself twice a second.
   *
   * @param patience how long to wait for the first one
   * @return fails with an {@link IllegalStateException} for the operator when there is none
   */
  public static Future<RemoteStore> open(Vertx vertx, Duration patience) {
    RemoteStore store = new RemoteStore(vertx);
    long timer =
        vertx.setTimer(patience.toMillis(), late -> store.found.tryFail(noOwner(patience)));
    return store
        .announcements
        .completion()
        .compose(registered -> store.found.future())
        .onComplete(looked -> vertx.cancelTimer(timer))
        .map(store)
        .recover(fault -> store.close().transform(closed -> Future.failedFuture(fault)));
  }

  private static IllegalStateException noOwner(Duration patience) {
    return new IllegalStateException(
        "store.kind remote: no node that holds a store was heard of within "
            + patience.toSeconds()
            + " s");
  }

  /** What is published comes from anywhere; what can't be read is ignored. */
  private void announced(Message<Object> message) {
    if (message.body() instanceof JsonObject announcement
        && announcement.getValue("node") instanceof String node
        && announcement.getValue("position") instanceof Number seq) {
      if (announcement.containsKey("leaving")) {
        owners.left(node);
      } else {
        owners.announced(node, announcement);
        advance(seq.longValue());
        found.tryComplete();
      }
    }
  }

  private void advance(long seq) {
    long before = position.getAndAccumulate(seq, Math::max);
    if (before < seq) {
      signal.fire();
    }
  }

  @Override
  public Future<Optional<User>> find(long id, Cancellation client) {
    return read(named("find").put("id", id), client, WireUsers::found);
  }

  @Override
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    ObjectNode request = named("list");
    request.set("query", query.encode());
    return read(request, client, WireUsers::page);
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    return read(
        named("changes").put("after", after).put("limit", limit), client, WireUsers::changes);
  }

  @Override
  public Future<Optional<String>> passwordHash(long id, Cancellation client) {
    return read(
        named("passwordHash").put("id", id),
        client,
        answer -> Optional.ofNullable(answer.textValue()));
  }

  @Override
  public Future<Void> probe() {
    return read(named("probe"), new Cancellation(), answer -> answer).mapEmpty();
  }

  @Override
  public Future<WriteOutcome> write(UserWrite write) {
    ObjectNode request = writes("write", List.of(write));
    return call(request, Work.WRITE, new Cancellation(), WireUsers::outcome);
  }

  @Override
  public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    if (writes.isEmpty()) {
      return Future.succeededFuture(new BulkOutcome(List.of(), null));
    }
    return call(writes("writeAll", writes), Work.BULK, new Cancellation(), WireUsers::bulk)
        .recover(RemoteStore::stopped);
  }

  private static Future<BulkOutcome> stopped(Throwable fault) {
    return fault instanceof Failure failure
        ? Future.succeededFuture(new BulkOutcome(List.of(), failure))
        : Future.failedFuture(fault);
  }

  @Override
  public long position() {
    return position.get();
  }

  @Override
  public ChangeSignal signal() {
    return signal;
  }

  /** What those nodes keep beside users. */
  public RemoteTables tables() {
    return new RemoteTables(vertx.eventBus(), owners);
  }

  private static ObjectNode writes(String name, List<UserWrite> writes) {
    ObjectNode request = named(name);
    ArrayNode all = request.putArray("writes");
    for (UserWrite write : writes) {
      UserWrite named = write.op() == null ? write.under(UUID.randomUUID()) : write;
      all.add(WireWrites.encode(named));
    }
    return request;
  }

  private <T> Future<T> read(
      ObjectNode request, Cancellation client, Function<JsonNode, T> reader) {
    return call(request, Work.READ, client, reader);
  }

  private <T> Future<T> call(
      ObjectNode request, Work work, Cancellation client, Function<JsonNode, T> reader) {
    Buffer text = Buffer.buffer(request.toString());
    OwnerCall call = new OwnerCall(vertx.eventBus(), owners.all(), text, work, client);
    return call.send()
        .map(
            reply -> {
              T answer = call.answer(reply, reader);
              advance(reply.path("position").asLong());
              return answer;
            });
  }

  /** Listens to announcements no more. Calls that are under way end by themselves. */
  public Future<Void> close() {
    return announcements.unregister();
  }
}
