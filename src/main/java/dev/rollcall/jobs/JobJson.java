package dev.rollcall.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.UserSchema;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Jobs as JSON. */
public final class JobJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JobJson() {}

  /** One job. */
  public static Buffer encode(Job job) {
    return Buffer.buffer(object(job).toString());
  }

  /** A page of jobs. */
  public static Buffer encode(JobPage page) {
    ObjectNode json = NODES.objectNode();
    ArrayNode items = json.putArray("items");
    page.items().forEach(job -> items.add(object(job)));
    json.put("next", page.next());
    return Buffer.buffer(json.toString());
  }

  /** How far a job is, as the data of an event. */
  public static Buffer encode(Pace.Progress progress) {
    Job job = progress.job();
    ObjectNode json =
        NODES
            .objectNode()
            .put("id", job.id())
            .put("state", job.state().word())
            .put("done", job.done())
            .put("failed", job.failed())
            .put("total", job.total())
            .put("rate", progress.rate());
    Double left = progress.secondsLeft();
    return Buffer.buffer(json.put("secondsLeft", left).toString());
  }

  private static ObjectNode object(Job job) {
    JobSpec spec = job.spec();
    return NODES
        .objectNode()
        .put("id", job.id())
        .put("kind", spec.kind().word())
        .put(spec.kind().of(), spec.name())
        .put("all", spec.all())
        .put("concurrency", spec.concurrency())
        .put("state", job.state().word())
        .put("done", job.done())
        .put("failed", job.failed())
        .put("total", job.total())
        .put("createdAt", text(job.createdAt()))
        .put("startedAt", text(job.startedAt()))
        .put("endedAt", text(job.endedAt()))
        .put("detail", job.detail())
        .put("by", job.by());
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : UserSchema.TIME.format(at);
  }
}
