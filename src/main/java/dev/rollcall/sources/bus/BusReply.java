package dev.rollcall.sources.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.wire.BusJson;
import dev.rollcall.wire.JsonIntake;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what the owner of an address on the event bus answers. */
final class BusReply {
  private static final String UNDELIVERED = "the event bus could not deliver";
  private static final String NOT_JSON = "the reply is not a JSON value";

  private BusReply() {}

  /** The body of a reply, which may have so many bytes as JSON. */
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
      // A codec may do anything with the objects of others.
      return SourceReply.rejected(NOT_JSON);
    }
  }

  /** A failure instead of a reply. */
  static SourceReply of(Throwable cause, Duration time) {
    if (!(cause instanceof ReplyException failure)) {
      return SourceReply.broken(UNDELIVERED);
    }
    return switch (failure.failureType()) {
      case TIMEOUT -> SourceReply.late("no answer within " + time.toMillis() + " ms");
      case NO_HANDLERS -> SourceReply.broken("no handler");
      case RECIPIENT_FAILURE -> of(failure.failureCode());
      default -> SourceReply.broken(UNDELIVERED);
    };
  }

  /** By the code alone: the message is the owner's, and may be meant for nobody else. */
  private static SourceReply of(int code) {
    String detail = "code " + code;
    return switch (code) {
      case 404, 410 -> SourceReply.absent(detail);
      case 429 -> SourceReply.refused(detail).whenOverloaded();
      case 502, 503 -> SourceReply.broken(detail).whenOverloaded();
      // An owner of ours looks at the clock a little before us.
      case 504 -> SourceReply.late(detail + ": its owner had no answer in time");
      default ->
          code >= 500 && code < 600 ? SourceReply.broken(detail) : SourceReply.rejected(detail);
    };
  }
}
