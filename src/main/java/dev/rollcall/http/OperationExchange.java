package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.http.connections.ClientStream;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.http.server.Body;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.MediaTypes;
import dev.rollcall.http.server.RequestAdmission;
import dev.rollcall.operations.Input;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Request;
import dev.rollcall.operations.Request.Target;
import dev.rollcall.operations.SelfAccess;
import dev.rollcall.sources.Caller;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.User;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.RequestHeaders;
import dev.rollcall.wire.StrictJson;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as operations see it: an id and a view's name stand in the path, parameters in the
 * query, and answers have statuses and headers.
 */
final class OperationExchange extends Exchange implements Request {

  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final HttpSettings settings;
  private @Nullable Operation operation;
  private Map<String, String> path = Map.of();

  OperationExchange(
      RequestAdmission<?> admission,
      ClientStream carrier,
      HttpServerRequest request,
      RequestMeters.Route route,
      HttpSettings settings) {
    super(admission, carrier, request, route);
    this.settings = settings;
  }

  /**
   * What is asked has been found.
   *
   * @param parameters those of the path, decoded
   * @throws Failure where its caller may not ask it
   */
  void matched(RequestMeters.Route meters, Operation found, Map<String, String> parameters) {
    matched(meters);
    operation = found;
    path = parameters;
    SelfAccess.admit(found, principal(), pathParameter("id"));
  }

  private Input input() {
    if (operation == null) {
      throw new IllegalStateException("what is asked is not known yet");
    }
    return operation.input();
  }

  /** A parameter of the path, decoded; empty when the template has none of that name. */
  String pathParameter(String name) {
    return path.getOrDefault(name, "");
  }

  @Override
  protected String outcome() {
    return operation == null ? "" : operation.late().outcome();
  }

  @Override
  public MultiMap headers() {
    return requestHeaders();
  }

  @Override
  public long id() {
    long id = WholeNumber.parse(pathParameter("id"));
    if (id < 1) {
      throw Failure.invalid("/id", Parameters.notAnInteger(1, WholeNumber.MAX));
    }
    return id;
  }

  @Override
  public Target target() {
    return new Target(
        id(), EntityTags.precondition(headers()), RequestHeaders.idempotencyKey(headers()));
  }

  @Override
  public Parameters parameters() {
    return new QueryParameters(this, input().parameters());
  }

  @Override
  public void body(Consumer<JsonNode> whenRead) {
    body(settings.bodyLimit(), whenRead);
  }

  @Override
  public void body(int limit, Consumer<JsonNode> whenRead) {
    requireType();
    Body.read(this, limit, settings, bytes -> whenRead.accept(StrictJson.read(bytes)));
  }

  /** Refuses a body that is of no type that the operation takes. */
  void requireType() {
    MediaTypes.require(this, input().types());
  }

  @Override
  public EntityTags.@Nullable Tags known() {
    return EntityTags.known(headers());
  }

  @Override
  public Deadline deadline(Duration most) {
    return new Deadline(startedAt() + time(most).toNanos());
  }

  /**
   * How long an answer may take: what it may at most, or what {@code Rollcall-Deadline-Ms} shortens
   * that to.
   */
  Duration time(Duration most) {
    long millis = RequestHeaders.millis(headers(), Fields.DEADLINE_MS, "Rollcall-Deadline-Ms");
    return millis == 0 || millis > most.toMillis() ? most : Duration.ofMillis(millis);
  }

  @Override
  public Caller caller() {
    return Caller.of(head().id(), headers(), span(), this::forwarded);
  }

  @Override
  public OutboundBudget budget() {
    return outgoing().budget();
  }

  @Override
  public void reserve(long bytes, Runnable goOn) {
    outgoing().reserve(bytes, goOn);
  }

  @Override
  public void found(User user, EntityTags.@Nullable Tags known) {
    kept(Fields.REVALIDATE);
    response().headers().set(HttpHeaders.ETAG, EntityTags.of(user.seq()));
    if (known != null && known.hold(user.seq())) {
      send(NOT_MODIFIED);
    } else {
      send(OK, Fields.JSON, user.json());
    }
  }

  @Override
  public void written(WriteOutcome outcome) {
    kept(Fields.REVALIDATE);
    if (outcome.kind() == WriteOutcome.Kind.DELETED) {
      send(NO_CONTENT);
      return;
    }
    User user = outcome.user();
    MultiMap headers = response().headers();
    headers.set(HttpHeaders.ETAG, EntityTags.of(user.seq()));
    boolean created = outcome.kind() == WriteOutcome.Kind.CREATED;
    if (created) {
      headers.set(HttpHeaders.LOCATION, "/users/" + user.id());
    }
    send(created ? CREATED : OK, Fields.JSON, user.json());
  }

  @Override
  public void page(Buffer json, @Nullable String next) {
    kept(Fields.REVALIDATE);
    if (next != null) {
      // RFC 8288
      response().headers().set(Fields.LINK, "<" + next + ">; rel=\"next\"");
    }
    send(OK, Fields.JSON, json);
  }

  @Override
  public void document(Buffer json) {
    send(OK, Fields.JSON, json);
  }

  @Override
  public void created(Buffer json, String location) {
    response().headers().set(HttpHeaders.LOCATION, location);
    send(CREATED, Fields.JSON, json);
  }

  @Override
  public void published(Buffer json) {
    kept(Fields.MINUTES);
    send(OK, Fields.JSON, json);
  }

  @Override
  public void accepted(Buffer json, @Nullable String location) {
    if (location != null) {
      response().headers().set(HttpHeaders.LOCATION, location);
    }
    send(ACCEPTED, Fields.JSON, json);
  }

  @Override
  public void view(ViewAnswer answer) {
    response().headers().set(Fields.SERVER_TIMING, answer.serverTiming(ownTrace()));
    Failure failure = answer.failure();
    if (failure == null) {
      Buffer json = answer.json();
      answer.view().size().seen(json.length());
      send(OK, Fields.JSON, json);
    } else {
      fail(failure, answer.members());
    }
  }

  @Override
  public void nothing() {
    send(NO_CONTENT);
  }
}
