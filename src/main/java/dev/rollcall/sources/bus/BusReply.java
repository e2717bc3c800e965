package dev.rollcall.sources.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.wire.BusJson;
import dev.rollcall.wire.JsonIntake;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the owner of an address on the event bus answers, whoever it is. */
final class BusReply {

  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  /** How an owner of ours, on another node, says that it has too much to do. */
  private static final int TOO_MANY = 429;

  /** How one says that the time it was given is over: it looks at the clock a little before us. */
  private static final int OUT_OF_TIME = 504;

  private static final int SERVER_ERRORS = 500;
  private static final int SERVER_ERRORS_END = 600;

  private static final String NOT_JSON = "the reply is not a JSON value";

  private BusReply() {}

  /**
   * A reply's body.
   *
   * @param limit bytes that it may have as JSON
   */
  static SourceReply of(@Nullable Object body, int limit) {
    if (body instanceof SourceReply ours) {
      return ours;
    }
    try (JsonIntake intake = new JsonIntake(limit)) {
      if (!BusJson.isJson(body)) {
        return SourceReply.rejected(NOT_JSON);
      }
      intake.offer(body instanceof Buffer bytes ? bytes : Json.encodeToBuffer(body));
      return SourceReply.ok(intake.end());
    } catch (Failure e) {
      return SourceReply.rejected(e.detail());
    } catch (RuntimeException e) {
      // What a codec does with the objects of others is not for us to say.
      return SourceReply.rejected(NOT_JSON);
    }
  }

  /** A failure instead of a reply. */
  static SourceReply of(Throwable cause, Duration time) {
    if (!(cause instanceof ReplyException failure)) {
      return SourceReply.broken("the event bus could not deliver");
    }
    if (failure.failureType() == ReplyFailure.TIMEOUT) {
      return SourceReply.late("no answer within " + time.toMillis() + " ms");
    }
    if (failure.failureType() == ReplyFailure.NO_HANDLERS) {
      return SourceReply.broken("no handler");
    }
    if (failure.failureType() != ReplyFailure.RECIPIENT_FAILURE) {
      return SourceReply.broken("the event bus could not deliver");
    }
    return of(failure.failureCode());
  }

  /** The code alone is told: the message is the owner's, and may be meant for nobody else. */
  private static SourceReply of(int code) {
    String detail = "code " + code;
    if (code == NOT_FOUND || code == GONE) {
      return SourceReply.absent(detail);
    }
    if (code == TOO_MANY) {
      return SourceReply.refused(detail);
    }
    if (code == OUT_OF_TIME) {
      return SourceReply.late(detail + ": its owner had no answer in time");
    }
    return code >= SERVER_ERRORS && code < SERVER_ERRORS_END
        ? SourceReply.broken(detail)
        : SourceReply.rejected(detail);
  }
}
