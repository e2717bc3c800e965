package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.JobCalls;
import dev.rollcall.operations.Resources;
import dev.rollcall.wire.WholeNumber;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code GET /jobs/{id}/events}: how far a job is, again and again until it has ended. */
final class JobEvents implements Consumer<OperationExchange> {

  private static final int NO_CONTENT = 204;

  private final Resources resources;
  private final EventStream.Open streams;

  JobEvents(Resources resources, HttpLimits limits) {
    this.resources = resources;
    this.streams = new EventStream.Open(limits.streamsOfJobs());
  }

  @Override
  public void accept(OperationExchange exchange) {
    String last = lastEventId(exchange);
    Jobs all = resources.localJobs();
    exchange.reply(JobCalls.find(resources, exchange), job -> answer(exchange, all, job, last));
  }

  /** See {@link EventStream.Open#end}. */
  void endStreams() {
    streams.end();
  }

  private static @Nullable String lastEventId(Exchange exchange) {
    String given = EventStream.lastEventId(exchange);
    if (given != null && !given.equals(JobStream.LAST) && WholeNumber.parse(given) < 0) {
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
      EventStream.begin(exchange).end();
    } else {
      streams.add(exchange, () -> new JobStream(exchange, all, job.id())).start(job);
    }
  }
}
