package dev.rollcall.http;

import dev.rollcall.base.OutboundBudget;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.JobPage;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs: which there are, one of them, and its results. */
final class JobReading {

  private static final Set<String> OF_RESULTS = Set.of("after");
  private static final int PAGE = 500;

  private final Optional<Jobs> jobs;

  JobReading(Optional<Jobs> jobs) {
    this.jobs = jobs;
  }

  /** {@code GET /jobs}. */
  void list(Exchange exchange) {
    JobQuery query =
        JobQuery.read(new QueryParameters(exchange.request().query(), JobQuery.PARAMETERS));
    exchange.reply(
        JobWriting.here(jobs).list(query, exchange.client()), page -> page(exchange, page));
  }

  private static void page(Exchange exchange, JobPage page) {
    exchange.send(200, Fields.JSON, JobJson.encode(page));
  }

  /** {@code GET /jobs/{id}}. */
  void get(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    exchange.reply(
        JobWriting.here(jobs).get(JobWriting.id(exchange), exchange.client()),
        job -> exchange.send(200, Fields.JSON, JobJson.encode(job)));
  }

  /** {@code GET /jobs/{id}/results}: those that there are by now. */
  void results(Exchange exchange) {
    QueryParameters given = new QueryParameters(exchange.request().query(), OF_RESULTS);
    long after = given.number("after", 0, WholeNumber.MAX, 0);
    given.refuseIfFaulty();
    Jobs all = JobWriting.here(jobs);
    exchange.reply(
        all.get(JobWriting.id(exchange), exchange.client()),
        job -> stream(exchange, all, job, after));
  }

  private static void stream(Exchange exchange, Jobs all, Job job, long after) {
    if (exchange.ended()) {
      return;
    }
    exchange.stream(Fields.NDJSON);
    if (exchange.head().isHead()) {
      exchange.response().end();
    } else {
      new Results(exchange, all, job).read(after);
    }
  }

  /**
   * One reading of results: a page is read, written, and only then the next one is read. It ends
   * with what there was when it began, so that reading a job that runs comes to an end.
   */
  private static final class Results {
    private final Exchange exchange;
    private final Jobs all;
    private final Job job;
    private final StreamWriter<JobResult> writer;

    Results(Exchange exchange, Jobs all, Job job) {
      this.exchange = exchange;
      this.all = all;
      this.job = job;
      this.writer = new StreamWriter<>(exchange, JobResult::append);
    }

    void read(long after) {
      if (exchange.ended()) {
        return;
      }
      int wanted = (int) Math.max(0, Math.min(PAGE, job.newest() - after));
      if (wanted == 0) {
        exchange.response().end();
      } else {
        exchange
            .outgoing()
            .reservePage(
                () ->
                    exchange.reply(
                        all.results(job.id(), after, wanted, exchange.client()), this::write));
      }
    }

    private static long size(List<JobResult> page) {
      long size = 0;
      for (JobResult result : page) {
        size += result.line().length();
      }
      return size;
    }

    private void write(List<JobResult> page) {
      if (page.isEmpty() && job.shift() > 0) {
        // The numbers go on far above, and nothing has one of those yet.
        exchange.reply(all.get(job.id(), exchange.client()), there -> end());
      } else if (page.isEmpty()) {
        // It was removed meanwhile: what is missing must not look as if it were all.
        exchange.fail(Jobs.notFound());
      } else {
        long last = page.get(page.size() - 1).n();
        if (!exchange.outgoing().fit(size(page))) {
          // Results may be larger than anything that was set aside for them.
          exchange.fail(OutboundBudget.full(""));
          return;
        }
        writer.write(
            page,
            () -> {
              exchange.outgoing().giveBack();
              Vertx.currentContext().runOnContext(turn -> read(last));
            });
      }
    }

    private void end() {
      if (!exchange.ended()) {
        exchange.response().end();
      }
    }
  }
}
