package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.TimerTable;
import dev.rollcall.operations.Request;
import dev.rollcall.operations.Request.Target;
import dev.rollcall.sources.Caller;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.EncodedObject;
import dev.rollcall.wire.JsonMembers;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.RequestHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call as operations see it: ids, parameters and bodies are members of the message, and answers
 * are objects.
 */
final class OperationCall extends Call implements Request {

  private static final String ID = "id";

  private final ServedOperation asked;

  /** The body, once it is separated from the id beside it. */
  private @Nullable JsonNode body;

  private @Nullable Principal principal;

  /** Whether pointers of failures are from now on relative to the part that is the body. */
  private boolean withinPart;

  OperationCall(
      MessageServer server,
      ServedAddress served,
      TimerTable timers,
      Message<Object> message,
      ServedOperation asked) {
    super(server, served, timers, message);
    this.asked = asked;
  }

  @Override
  boolean beginsTrace() {
    return true;
  }

  @Override
  void serve() {
    asked.endpoint().answer(asked.resources(), this);
  }

  @Override
  void fail(Throwable cause) {
    if (cause instanceof Failure failure && AuditLog.isRefusal(failure.kind().status())) {
      String what = asked.operation().address();
      AuditLog.refused(
          failure.kind().status(), principal().name(), String.valueOf(what), address());
    }
    super.fail(
        withinPart && cause instanceof Failure failure
            ? failure.below("/" + asked.operation().input().part())
            : cause);
  }

  @Override
  public long id() {
    if (!asked.operation().input().hasBody()) {
      return Bodies.id(this, asked.bodyLimit());
    }
    ObjectNode object = Bodies.object(this, asked.bodyLimit());
    JsonMembers members = JsonMembers.of(object);
    String within = asked.operation().input().part();
    if (within != null) {
      body = members.only(Set.of(ID, within)).part(within);
    }
    long id = members.id();
    members.refuseIfFaulty();
    if (within == null) {
      body = object.without(ID);
    }
    return id;
  }

  @Override
  public String name() {
    if (!asked.operation().input().hasBody()) {
      return Request.super.name();
    }
    ObjectNode object = Bodies.object(this, asked.bodyLimit());
    JsonMembers members = JsonMembers.of(object);
    String name = members.required("name");
    members.refuseIfFaulty();
    body = object.without("name");
    return name;
  }

  @Override
  public Target target() {
    Precondition condition = EntityTags.precondition(headers());
    UUID op = RequestHeaders.idempotencyKey(headers());
    return new Target(id(), condition, op);
  }

  @Override
  public Parameters parameters() {
    return JsonMembers.of(Bodies.object(this, asked.bodyLimit())).only(asked.operation().members());
  }

  @Override
  public void body(Consumer<JsonNode> whenRead) {
    body(asked.bodyLimit(), whenRead);
  }

  @Override
  public void body(int limit, Consumer<JsonNode> whenRead) {
    JsonNode whole = body == null ? Bodies.object(this, limit) : body;
    body = null; // It takes far more memory than its text, and the call may wait for long.
    withinPart = asked.operation().input().part() != null;
    whenRead.accept(whole);
  }

  /** Null: a message is always answered with the user. */
  @Override
  public EntityTags.@Nullable Tags known() {
    return null;
  }

  @Override
  public Deadline deadline(Duration most) {
    long millis = RequestHeaders.millis(headers(), DEADLINE, DEADLINE);
    Duration time = millis == 0 || millis > most.toMillis() ? most : Duration.ofMillis(millis);
    return new Deadline(startedAt() + time.toNanos());
  }

  /** A client of a bridge, as the bridge says; members of the cluster are trusted. */
  @Override
  public Principal principal() {
    if (principal == null) {
      String name = headers().isEmpty() ? null : headers().get(Addresses.CALLER);
      principal = name == null ? Principal.ANYBODY : ofBridge(name);
    }
    return principal;
  }

  private Principal ofBridge(String name) {
    String scopes = headers().get(Addresses.CALLER_SCOPES);
    return new Principal(
        name,
        scopes == null ? Scopes.NONE : Scopes.of(List.of(scopes.split(" ", -1))),
        Long.MAX_VALUE);
  }

  @Override
  public Caller caller() {
    return Caller.of(asked.ids().of(headers().get(Addresses.REQUEST_ID)), headers(), span(), null);
  }

  /** The address of a bridge's client; members of the bus have one address together. */
  @Override
  public ClientAddress address() {
    String address = headers().get(Addresses.CLIENT);
    return address == null ? ClientAddress.BUS : ClientAddress.of(address);
  }

  @Override
  public void found(User user, EntityTags.@Nullable Tags known) {
    reply(
        asAsked(UserSchema.message(user)),
        new DeliveryOptions().addHeader(Addresses.ETAG, EntityTags.of(user.seq())));
  }

  @Override
  public void written(WriteOutcome outcome) {
    if (outcome.kind() == WriteOutcome.Kind.DELETED) {
      nothing();
    } else {
      found(outcome.user(), null);
    }
  }

  @Override
  public void document(Buffer json) {
    reply(asAsked(new EncodedObject(json)), PLAIN);
  }

  @Override
  public void view(ViewAnswer answer) {
    Failure failure = answer.failure();
    if (failure == null) {
      Buffer json = answer.json();
      answer.view().size().seen(json.length());
      document(json);
    } else {
      fail(failure);
    }
  }

  @Override
  public void nothing() {
    reply(asAsked(new JsonObject()), PLAIN);
  }

  /** The text of JSON instead of an object, for callers that want numbers to keep their digits. */
  private Object asAsked(JsonObject answer) {
    boolean text = !headers().isEmpty() && Addresses.BYTES.equals(headers().get(Addresses.ANSWER));
    return text ? answer.toBuffer() : answer;
  }
}
