package dev.rollcall.bus;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.jobs.JobReader;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.NewPassword;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Has every operation fail in every way that the document tells of, and finds no other. */
@Tag("slow")
class AsyncApiFailuresTest {

  private static final Map<String, String> NONE = Map.of();
  private static final Map<String, String> STALE = Map.of("if-match", "\"0\"");

  /** What each operation takes, for a user who is there. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          entry("createUser", "{'name':'A'}"),
          entry("getUser", "{'id':1}"),
          entry("putUser", "{'id':1,'name':'A'}"),
          entry("patchUser", "{'id':1,'patch':{'name':'A'}}"),
          entry("listUsers", "{}"),
          entry("listChanges", "{}"),
          entry("setPassword", "{'id':1,'password':'correct horse'}"),
          entry("verifyPassword", "{'id':1,'password':'correct horse'}"),
          entry("getView", "{'id':1,'view':'profile'}"),
          entry("deleteUser", "{'id':1}"),
          entry("startJob", "{'view':'profile','ids':[1]}"),
          entry("getJob", "{'id':1}"),
          entry("listJobs", "{}"),
          entry("cancelJob", "{'id':1}"),
          entry("putFollower", "{'name':'billing','after':0}"),
          entry("getFollower", "{'name':'billing'}"),
          entry("listFollowers", "{}"),
          entry("getFollowerChanges", "{'name':'billing'}"),
          entry("moveFollower", "{'name':'billing','seq':0}"),
          entry("deleteFollower", "{'name':'billing'}"));

  private final BusContract contract = new BusContract();
  private final Set<String> seen = new TreeSet<>();

  /** Users of whom nothing is ever heard. */
  private static final class Silent extends UsersBetween {
    Silent(Users users) {
      super(users);
    }

    private static <T> Future<T> never() {
      return Promise.<T>promise().future();
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      return never();
    }

    @Override
    public Future<WriteOutcome> write(UserWrite write) {
      return never();
    }

    @Override
    public Future<UserPage> list(UserQuery query, Cancellation client) {
      return never();
    }

    @Override
    public Future<ChangePage> changes(long after, int limit, Cancellation client) {
      return never();
    }

    @Override
    public Future<Void> setPassword(
        long id, NewPassword password, ClientAddress address, Cancellation client) {
      return never();
    }

    @Override
    public Future<Boolean> verifyPassword(
        long id, String password, ClientAddress address, Cancellation client) {
      return never();
    }
  }

  /** A store of which nothing is ever heard. */
  private static <T> T silent(Class<T> port, T store) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, values) ->
                method.getReturnType() == Future.class
                    ? Silent.never()
                    : method.invoke(store, values)));
  }

  @Test
  void exactlyTheDocumentedFailuresHappen(@TempDir Path folder) throws IOException {
    whatIsMalformedOrMissing(folder.resolve("missing"));
    whatContradictsTheStore(folder.resolve("conflict"));
    whatIsNoLongerKept(folder.resolve("gone"));
    whatIsTurnedAway(folder.resolve("busy"));
    whatTakesTooLong(folder.resolve("late"));
    Set<String> documented = new TreeSet<>();
    for (String operation : contract.operations("receive")) {
      contract.failures(operation).keySet().forEach(code -> documented.add(operation + " " + code));
    }
    assertThat(seen).isEqualTo(documented);
  }

  private void whatIsMalformedOrMissing(Path folder) throws IOException {
    try (BusServer server =
        new BusServer(
            folder,
            "sources.orders.address=nobody.there",
            "views.profile.sources=orders",
            "views.profile.required=orders")) {
      server.call("rollcall.users.put", body("putUser"));
      String large = "x".repeat(Math.max(server.settings.http().bodyLimit(), JobReader.BODY_LIMIT));
      for (String operation : contract.operations("receive")) {
        fails(server, operation, body(operation).put("unknown", 1), NONE, 400);
        fails(server, operation, body(operation).put("name", large), NONE, 413);
      }
      for (String operation :
          List.of("getUser", "patchUser", "deleteUser", "setPassword", "getJob", "cancelJob")) {
        fails(server, operation, body(operation).put("id", 99), NONE, 404);
      }
      for (String operation :
          List.of("getFollower", "getFollowerChanges", "moveFollower", "deleteFollower")) {
        fails(server, operation, body(operation), NONE, 404);
      }
      fails(server, "getView", body("getView").put("view", "nothing"), NONE, 404);
      fails(server, "getView", body("getView").put("id", 99), NONE, 404);
      fails(server, "getView", body("getView"), NONE, 502);
    }
  }

  private void whatContradictsTheStore(Path folder) throws IOException {
    try (BusServer server =
        new BusServer(
            folder, "sources.orders.address=nobody.there", "views.profile.sources=orders")) {
      JsonObject taken = new JsonObject().put("email", "a@b.org");
      server.call("rollcall.users.put", body("putUser"));
      server.call("rollcall.users.put", body("putUser").put("id", 2).mergeIn(taken));
      fails(server, "createUser", body("createUser").put("id", 1), NONE, 409);
      fails(server, "putUser", body("putUser").mergeIn(taken), NONE, 409);
      fails(server, "patchUser", body("patchUser").put("patch", taken), NONE, 409);
      for (String operation : List.of("putUser", "patchUser", "deleteUser")) {
        fails(server, operation, body(operation), STALE, 412);
      }
      repeatedAfterDeletion(server, "createUser", body("createUser").put("id", 20), 20);
      repeatedAfterDeletion(server, "putUser", body("putUser").put("id", 21), 21);
      server.call("rollcall.users.put", body("putUser").put("id", 22));
      JsonObject patch =
          new JsonObject().put("id", 22).put("patch", new JsonObject().put("name", "B"));
      repeatedAfterDeletion(server, "patchUser", patch, 22);
      fails(server, "deleteUser", body("deleteUser"), key(20), 409);
      contract.judgeAnswer(
          "startJob", server.reply(contract.address("startJob"), body("startJob"), key(23)));
      fillFollowers(server.store.tables().cursors());
      fails(server, "putFollower", body("putFollower"), NONE, 409);
      JsonObject another = body("startJob").put("ids", new JsonArray().add(2));
      fails(server, "startJob", another, key(23), 409);
    }
  }

  private static void fillFollowers(CursorStore cursors) {
    for (int from = 1; from <= CursorStore.MOST; from += 100) {
      Awaiting.await(
          Future.all(
              IntStream.range(from, from + 100)
                  .mapToObj(i -> new WantedCursor(i, "f" + i, null, 0, Instant.EPOCH, null, false))
                  .map(cursors::putCursor)
                  .toList()));
    }
  }

  private void repeatedAfterDeletion(BusServer server, String operation, JsonObject body, int id) {
    contract.judgeAnswer(operation, server.reply(contract.address(operation), body, key(id)));
    server.call("rollcall.users.delete", new JsonObject().put("id", id));
    fails(server, operation, body, key(id), 410);
  }

  private static Map<String, String> key(int id) {
    return Map.of("idempotency-key", "00000000-0000-0000-0000-0000000000" + id);
  }

  private void whatIsNoLongerKept(Path folder) throws IOException {
    try (BusServer server = new BusServer(folder, "changes.keep=1s")) {
      server.call("rollcall.followers.put", body("putFollower"));
      server.call("rollcall.users.put", body("putUser"));
      server.call("rollcall.users.put", body("putUser").put("name", "B"));
      String address = contract.address("listChanges");
      await()
          .until(
              () -> {
                Future<Message<Object>> reply = server.ask(address, body("listChanges"), NONE);
                await().until(reply::isComplete);
                return reply.failed();
              });
      fails(server, "listChanges", body("listChanges"), NONE, 410);
      fails(server, "getFollowerChanges", body("getFollowerChanges"), NONE, 410);
      fails(server, "putFollower", body("putFollower"), NONE, 410);
      fails(server, "moveFollower", body("moveFollower").put("seq", User.MAX_ID), NONE, 410);
    }
  }

  private void whatIsTurnedAway(Path folder) throws IOException {
    try (BusServer server = new BusServer(folder, Silent::new, "bus.inFlightLimit=1")) {
      Future<Message<Object>> first =
          server.ask(contract.address("getUser"), body("getUser"), Map.of("deadline-ms", "5000"));
      await().until(() -> server.limits.inFlight() == 1);
      for (String operation : contract.operations("receive")) {
        fails(server, operation, body(operation), NONE, 503);
      }
      assertThat(BusServer.failure(first)).startsWith("504 ");
    }
  }

  private void whatTakesTooLong(Path folder) throws IOException {
    try (BusServer server =
        new BusServer(
            folder,
            Silent::new,
            jobs -> silent(JobStore.class, jobs),
            cursors -> silent(CursorStore.class, cursors),
            "sources.orders.address=nobody.there",
            "views.profile.sources=orders")) {
      for (String operation : contract.operations("receive")) {
        fails(server, operation, body(operation), Map.of("deadline-ms", "20"), 504);
      }
    }
  }

  private static JsonObject body(String operation) {
    String body = BODIES.get(operation);
    if (body == null) {
      throw new AssertionError("what " + operation + " takes is to be said here");
    }
    return new JsonObject(body.replace('\'', '"'));
  }

  private void fails(
      BusServer server, String operation, JsonObject body, Map<String, String> headers, int code) {
    try {
      Message<Object> reply = server.reply(contract.address(operation), body, headers);
      throw new AssertionError(operation + " was to fail with " + code + ": " + reply.body());
    } catch (ReplyException failure) {
      assertThat(failure.failureCode()).as("%s: %s", operation, failure).isEqualTo(code);
      contract.judgeFailure(operation, failure);
      seen.add(operation + " " + code);
    }
  }
}
