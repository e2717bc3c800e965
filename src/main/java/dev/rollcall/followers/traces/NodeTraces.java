package dev.rollcall.followers.traces;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.erasures.Traces;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.views.Views;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.BusFaults;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Forgets users on all nodes of the cluster: this one and the others, each of which has to say that
 * it has. Results of jobs come first, so that no job brings a user back. Safe for use by all
 * threads.
 *
 * <p>A member of the cluster that is none of our nodes has nothing. One of an earlier version can't
 * say that it has forgotten, nor can one that does not answer: then the whole fails, to be tried
 * again.
 *
 * @param name of this node; empty for one that is alone
 * @param others the names of the other nodes now
 * @param jobs those that run here; none where other nodes keep them
 * @param results those in the store of this process; none where other nodes keep them
 * @param emptyLog empties what the store still has of the time before
 */
public record NodeTraces(
    Vertx vertx,
    String name,
    Supplier<Set<String>> others,
    Views views,
    Optional<Jobs> jobs,
    Optional<JobResultErasure> results,
    Supplier<Future<Void>> emptyLog)
    implements Traces {
  private static final long TIMEOUT_MILLIS = 5_000;

  private static final String ID = "id";

  /** Forgets on behalf of other nodes from now on. */
  public Future<Void> serve() {
    return name.isEmpty()
        ? Future.succeededFuture()
        : vertx
            .eventBus()
            .<JsonObject>consumer(Addresses.NODE_FORGET + name, this::told)
            .completion();
  }

  private void told(Message<JsonObject> message) {
    if (message.body().getValue(ID) instanceof Number user) {
      forgetHere(user.longValue())
          .onComplete(
              done -> message.reply(new JsonObject()),
              fault -> message.fail(Kind.INTERNAL.status(), "not forgotten"));
    } else {
      message.fail(Kind.INVALID.status(), "not a request that nodes of this version make");
    }
  }

  @Override
  public Future<Void> forget(long userId) {
    return results
        .map(all -> all.erase(userId))
        .orElseGet(Future::succeededFuture)
        .compose(erased -> forgetOnNodes(userId))
        .compose(forgotten -> emptyLog.get());
  }

  private Future<Void> forgetOnNodes(long user) {
    List<Future<Void>> nodes = new ArrayList<>();
    nodes.add(forgetHere(user));
    for (String other : others.get()) {
      nodes.add(forgetThere(other, user));
    }
    return Future.join(nodes).mapEmpty();
  }

  /**
   * Looks through what is kept, which takes some milliseconds for each hundred thousand answers.
   */
  private Future<Void> forgetHere(long user) {
    return vertx.executeBlocking(
        () -> {
          jobs.ifPresent(running -> running.forget(user));
          views.forget(user);
          return null;
        },
        false);
  }

  private Future<Void> forgetThere(String node, long user) {
    return ask(Addresses.NODE_FORGET + node, new JsonObject().put(ID, user))
        .recover(
            fault ->
                BusFaults.isNobodyThere(fault) ? unlessOurs(node) : Future.failedFuture(not(node)));
  }

  /** Each of our nodes answers whether it is ready; a client that is a member does not. */
  private Future<Void> unlessOurs(String node) {
    return ask(Addresses.NODE_READY + node, new JsonObject())
        .transform(
            answer ->
                answer.failed() && BusFaults.isNobodyThere(answer.cause())
                    ? Future.succeededFuture()
                    : Future.failedFuture(not(node)));
  }

  private Future<Void> ask(String address, JsonObject question) {
    return vertx
        .eventBus()
        .request(address, question, new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS))
        .mapEmpty();
  }

  private static Failure not(String node) {
    return Failure.of(
        Kind.UNAVAILABLE, "the node " + node + " did not confirm that it has forgotten the user");
  }
}
