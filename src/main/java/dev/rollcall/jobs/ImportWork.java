package dev.rollcall.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.SingleSource;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserWrite;
import dev.rollcall.views.Views;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.StrictJson;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches each user from a source, to be stored: {@code id}, {@code name} and {@code email} as they
 * are, and what else there is as attributes.
 */
final class ImportWork implements JobWork {
  private final @Nullable Tracing tracing;
  private final SingleSource source;
  private final Caller caller;
  private final @Nullable String by;

  ImportWork(Views views, Job job) {
    this.tracing = views.tracing();
    this.source = views.source(job.spec().name());
    this.caller = new Caller(JobEntry.name(job.id()), TraceContext.NONE);
    this.by = job.by();
  }

  @Override
  public Future<JobEntry> of(int position, long id, Cancellation client) {
    return JobWork.traced(
        tracing,
        caller,
        id,
        traced -> source.ask(id, client, traced).map(result -> entry(position, id, result)));
  }

  private JobEntry entry(int position, long id, SourceResult result) {
    Buffer value = result.value();
    return switch (result.status()) {
      case OK -> JobEntry.written(position, put(id, value == null ? Buffer.buffer() : value));
      case ABSENT -> throw Failure.of(Kind.NOT_FOUND, "the source has no such user");
      case TIMEOUT -> throw Failure.of(Kind.GATEWAY_TIMEOUT, "the source: " + said(result));
      case REFUSED -> throw Failure.of(Kind.UNAVAILABLE, "the source: " + said(result));
      case FAILED, CANCELLED, SKIPPED ->
          throw Failure.of(Kind.BAD_GATEWAY, "the source: " + said(result));
    };
  }

  private static String said(SourceResult result) {
    String detail = result.detail();
    return detail == null ? result.status().json() : detail;
  }

  /** Only what differs is written, so a user that is imported twice stays as it is. */
  private UserWrite.Put put(long id, Buffer answer) {
    try {
      JsonNode whole = StrictJson.read(answer.getBytes());
      JsonNode own = whole.path("id");
      boolean isInteger = JsonInteger.isWithin(own, Long.MIN_VALUE, Long.MAX_VALUE);
      if ((own.isIntegralNumber() && !isInteger) || (isInteger && JsonInteger.of(own) != id)) {
        throw Failure.invalid("/id", "is that of another user");
      }
      JsonNode body = whole instanceof ObjectNode object ? asUser(object) : whole;
      return new UserWrite.Put(id, DraftReader.replace(body, id), Precondition.NONE, null, by);
    } catch (Failure fault) {
      throw Failure.of(
          Kind.BAD_GATEWAY, "the source's answer is no such user: " + fault.sentence());
    }
  }

  private static ObjectNode asUser(ObjectNode answer) {
    ObjectNode user = answer.objectNode();
    ObjectNode attributes = answer.objectNode();
    for (var member : answer.properties()) {
      boolean isPlain = UserSchema.PLAIN_MEMBERS.contains(member.getKey());
      (isPlain ? user : attributes).set(member.getKey(), member.getValue());
    }
    user.set("attributes", attributes);
    return user;
  }
}
