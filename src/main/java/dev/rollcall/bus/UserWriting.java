package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserJson;
import dev.rollcall.users.UserPatch;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.RequestHeaders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writing one user. Headers are read before bodies, as over HTTP. */
final class UserWriting {

  private static final String PATCH = "patch";

  private final Users users;
  private final Bodies bodies;

  UserWriting(Users users, Bodies bodies) {
    this.users = users;
    this.bodies = bodies;
  }

  /** {@code rollcall.users.create}: a draft. */
  void create(Call call) {
    UUID op = RequestHeaders.idempotencyKey(call.headers());
    write(call, new UserWrite.Create(DraftReader.create(bodies.object(call)), op));
  }

  /** {@code rollcall.users.put}: a draft with its id. */
  void put(Call call) {
    Terms terms = Terms.of(call);
    ObjectNode body = bodies.object(call);
    long id = id(new Members(body));
    write(call, new UserWrite.Put(id, DraftReader.replace(body, id), terms.precondition, terms.op));
  }

  /** {@code rollcall.users.patch}: an id, and a merge patch beside it. */
  void patch(Call call) {
    Terms terms = Terms.of(call);
    Members members = new Members(bodies.object(call)).only("id", PATCH);
    JsonNode patch = members.part(PATCH);
    long id = id(members);
    answer(
        call,
        users
            .write(new UserWrite.Patch(id, patch(patch, id), terms.precondition, terms.op))
            .recover(fault -> Future.failedFuture(ofPatch(fault))));
  }

  private static UserPatch patch(JsonNode patch, long id) {
    try {
      return DraftReader.patch(patch, id);
    } catch (Failure e) {
      throw e.below("/" + PATCH);
    }
  }

  private static Throwable ofPatch(Throwable fault) {
    return fault instanceof Failure failure ? failure.below("/" + PATCH) : fault;
  }

  /** {@code rollcall.users.delete}: an id. */
  void delete(Call call) {
    Terms terms = Terms.of(call);
    write(call, new UserWrite.Delete(bodies.id(call), terms.precondition, terms.op));
  }

  private static long id(Members members) {
    long id = members.id();
    members.refuseIfFaulty();
    return id;
  }

  private void write(Call call, UserWrite write) {
    answer(call, users.write(write));
  }

  private static void answer(Call call, Future<WriteOutcome> written) {
    call.reply(written, outcome -> answer(call, outcome));
  }

  private static void answer(Call call, WriteOutcome outcome) {
    if (outcome.kind() == WriteOutcome.Kind.DELETED) {
      call.reply(new JsonObject());
    } else {
      User user = outcome.user();
      call.reply(UserJson.message(user), user.seq());
    }
  }

  /** What a write to a named user says apart from its body. */
  private record Terms(Precondition precondition, @Nullable UUID op) {

    /**
     * Reads the headers.
     *
     * @throws Failure where one is malformed
     */
    static Terms of(Call call) {
      return new Terms(
          EntityTags.precondition(call.headers()), RequestHeaders.idempotencyKey(call.headers()));
    }
  }
}
