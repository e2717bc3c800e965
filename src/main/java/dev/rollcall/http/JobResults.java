package dev.rollcall.http;

import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.PageStream;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.operations.JobCalls;
import dev.rollcall.operations.Resources;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;

/** {@code GET /jobs/{id}/results}: the results that there are by now. */
record JobResults(Resources resources) implements Consumer<OperationExchange> {
  private static final int PAGE = 500;

  @Override
  public void accept(OperationExchange exchange) {
    Parameters given = exchange.parameters();
    long after = given.number("after", 0, WholeNumber.MAX, 0);
    given.refuseIfFaulty();
    Jobs all = resources.localJobs();
    exchange.reply(JobCalls.find(resources, exchange), job -> stream(exchange, all, job, after));
  }

  private static void stream(Exchange exchange, Jobs all, Job job, long after) {
    if (exchange.ended()) {
      return;
    }
    exchange.stream(Fields.NDJSON);
    if (exchange.head().isHead()) {
      exchange.response().end();
    } else {
      new Reading(exchange, all, job).read(after);
    }
  }

  /**
   * One reading of results. It ends with what there was when it began, so that reading a job that
   * runs comes to an end.
   */
  private static final class Reading {
    private final Exchange exchange;
    private final Jobs all;
    private final Job job;
    private final PageStream<JobResult> pages;

    Reading(Exchange exchange, Jobs all, Job job) {
      this.exchange = exchange;
      this.all = all;
      this.job = job;
      this.pages = new PageStream<>(exchange, result -> result.line().length(), JobResult::append);
    }

    void read(long after) {
      int wanted = (int) Math.max(0, Math.min(PAGE, job.newest() - after));
      if (wanted == 0) {
        end();
      } else {
        pages.read(() -> all.results(job.id(), after, wanted, exchange.client()), this::write);
      }
    }

    private void write(List<JobResult> page) {
      if (page.isEmpty() && job.shift() > 0) {
        // The numbers go on far above, and nothing has one of those yet.
        exchange.reply(all.get(job.id(), exchange.client()), there -> end());
      } else if (page.isEmpty()) {
        // It was removed meanwhile: what is missing must not look as if it were all.
        exchange.fail(Jobs.notFound());
      } else if (!pages.fit(page)) {
        // Results may be larger than anything that was set aside for them.
        exchange.fail(OutboundBudget.full(""));
      } else {
        long last = page.get(page.size() - 1).n();
        pages.write(page, () -> Vertx.currentContext().runOnContext(turn -> read(last)));
      }
    }

    private void end() {
      if (!exchange.ended()) {
        exchange.response().end();
      }
    }
  }
}
