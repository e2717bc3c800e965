package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.HttpLimits;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.Resources;
import dev.rollcall.wire.WholeNumber;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code GET /jobs/{id}/events}: how far a job is, again and again until it has ended. */
final class JobEvents implements Consumer<OperationExchange> {

  private static final int NO_CONTENT = 204;

  private final Resources resources;
  private final HttpLimits limits;
  private final Set<JobStream> streams = new HashSet<>();

  JobEvents(Resources resources, HttpLimits limits) {
    this.resources = resources;
    this.limits = limits;
  }

  @Override
  public void accept(OperationExchange exchange) {
    String last = lastEventId(exchange);
    Jobs all = resources.localJobs();
    exchange.reply(
        all.get(exchange.id(), exchange.client()), job -> answer(exchange, all, job, last));
  }

  /** Ends all streams as whole answers; their clients will come back. */
  void endStreams() {
    List.copyOf(streams).forEach(JobStream::end);
  }

  /** What a client that reconnects has seen last; null for nothing, as an empty one says. */
  private static @Nullable String lastEventId(Exchange exchange) {
    String given = exchange.requestHeaders().get(Fields.LAST_EVENT_ID);
    if (given == null || given.isEmpty()) {
      return null;
    }
    if (!given.equals(JobStream.LAST) && WholeNumber.parse(given) < 0) {
      throw Failure.of(
          Kind.INVALID, "Last-Event-ID must be an integer from 0 on, or " + JobStream.LAST);
    }
    return given;
  }

  private void answer(Exchange exchange, Jobs all, Job job, @Nullable String last) {
    if (exchange.ended()) {
      return;
    }
    if (JobStream.LAST.equals(last) && job.state().isEnd()) {
      // Browsers come back by themselves, and this is what tells them that there is no more.
      exchange.send(NO_CONTENT);
    } else if (exchange.head().isHead()) {
      ChangeStream.begin(exchange).end();
    } else if (!limits.openJobStream()) {
      throw Failure.of(Kind.UNAVAILABLE, "too many event streams are open");
    } else {
      JobStream stream = new JobStream(exchange, all, job.id());
      streams.add(stream);
      exchange.whenEnded(
          () -> {
            streams.remove(stream);
            limits.closeJobStream();
            stream.release();
          });
      stream.start(job);
    }
  }
}
