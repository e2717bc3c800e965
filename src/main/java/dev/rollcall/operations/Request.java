package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.Principal;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Deadline;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.sources.Caller;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.wire.Parameters;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was asked, and the way to answer: a request over HTTP, or a message of the event bus.
 *
 * <p>It is answered once: the first answer or failure counts, and further ones are dropped. Belongs
 * to the event loop that it came in on. What reads throws a {@link dev.rollcall.base.Failure} where
 * the request is at fault.
 */
public interface Request {
  /**
   * What a write to a named user says apart from its body.
   *
   * @param id the user
   * @param condition what the stored user must be like
   * @param op by which the write may be repeated; null where it can't
   */
  record Target(long id, Precondition condition, @Nullable UUID op) {}

  /** The headers, which both transports name alike. */
  MultiMap headers();

  /** The id that is asked for. Where there is a body too, this is read before it. */
  long id();

  /**
   * The name that is asked for; empty where it is left out. Where there is a body too, this is read
   * before it.
   */
  default String name() {
    Parameters given = parameters();
    String name = given.required("name");
    given.refuseIfFaulty();
    return name;
  }

  /** The id that is to be written and the headers of a write, in the order of the transport. */
  Target target();

  /** What the path and the parameters say, and nothing else. */
  Parameters parameters();

  /** Reads the body, as the transport limits bodies. */
  void body(Consumer<JsonNode> whenRead);

  /**
   * Reads the body.
   *
   * @param limit how many bytes it may have
   * @param whenRead takes it, now or later; what it throws becomes the answer
   */
  void body(int limit, Consumer<JsonNode> whenRead);

  /** The tags of what the caller already has; null where it does not say. */
  EntityTags.@Nullable Tags known();

  /**
   * The moment by which an answer is due.
   *
   * @param most how long it may take from the request's arrival on, unless its caller has less time
   */
  Deadline deadline(Duration most);

  /** Who asks. */
  Principal principal();

  /** On whose behalf sources are asked. */
  Caller caller();

  /** Where it comes from. */
  ClientAddress address();

  /** Notes what was done on its caller's behalf. */
  default void audit(AuditLog.Event event, String what) {
    AuditLog.log(event, principal().name(), what, address());
  }

  /** Whether anybody waits for the answer; cancelled at the end of the request at the latest. */
  Cancellation client();

  /** For what is on its way to clients. */
  OutboundBudget budget();

  /**
   * Goes on once there is room for so many bytes of an answer; fails where that takes too long.
   *
   * @param goOn runs at once where there is room
   */
  void reserve(long bytes, Runnable goOn);

  /** Answers with what a future brings, or with its failure. */
  <T> void reply(Future<T> future, Consumer<T> whenSucceeded);

  /**
   * Answers with a user and its tag.
   *
   * @param known what the caller already has, who need not be sent it again
   */
  void found(User user, EntityTags.@Nullable Tags known);

  /** Answers with what a write of a user led to. */
  void written(WriteOutcome outcome);

  /**
   * Answers with a page of what is about users.
   *
   * @param next the path and query of the next page, for those who follow links; null for none
   */
  default void page(Buffer json, @Nullable String next) {
    document(json);
  }

  /** Answers with a JSON object, which may be something else when asked again. */
  void document(Buffer json);

  /** The same, of a tree. */
  default void document(JsonNode json) {
    document(text(json));
  }

  /** The text of a tree. */
  static Buffer text(JsonNode json) {
    return Buffer.buffer(json.toString());
  }

  /**
   * Answers with what was created.
   *
   * @param location its path
   */
  default void created(Buffer json, String location) {
    document(json);
  }

  /** Answers with a JSON object that is the same for everybody, who may keep it for a while. */
  default void published(Buffer json) {
    document(json);
  }

  /**
   * Answers with work that goes on.
   *
   * @param location the path of what was created; null where nothing was
   */
  default void accepted(Buffer json, @Nullable String location) {
    document(json);
  }

  /** Answers with a view, or with why there is none. */
  void view(ViewAnswer answer);

  /** Answers that it is done. */
  void nothing();
}
