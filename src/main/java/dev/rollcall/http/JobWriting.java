package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.JobReader;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.wire.RequestHeaders;
import dev.rollcall.wire.StrictJson;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Starting a job, and cancelling one. */
final class JobWriting {

  private static final int ACCEPTED = 202;
  private static final List<String> TYPES = List.of(MediaTypes.JSON);

  private final Optional<Jobs> jobs;
  private final HttpSettings settings;

  JobWriting(Optional<Jobs> jobs, HttpSettings settings) {
    this.jobs = jobs;
    this.settings = settings;
  }

  /**
   * The jobs of this process.
   *
   * @throws Failure where they are kept by other nodes
   */
  static Jobs here(Optional<Jobs> jobs) {
    return jobs.orElseThrow(
        () ->
            Failure.of(
                Kind.NOT_IMPLEMENTED,
                "this node keeps no jobs; ask one that has a store of its own"));
  }

  /** The id of a job in a path. */
  static long id(Exchange exchange) {
    long id = WholeNumber.parse(exchange.pathParameter("id"));
    if (id < 1) {
      throw Failure.invalid("/id", "must be an integer from 1 to " + WholeNumber.MAX);
    }
    return id;
  }

  /** {@code POST /jobs}. */
  void start(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    UUID key = RequestHeaders.idempotencyKey(exchange.requestHeaders());
    MediaTypes.require(exchange, TYPES);
    Jobs all = here(jobs);
    Body.read(
        exchange,
        JobReader.BODY_LIMIT,
        settings,
        bytes ->
            exchange.reply(
                all.start(all.reader().read(StrictJson.read(bytes), key)),
                job -> started(exchange, job)));
  }

  private static void started(Exchange exchange, Job job) {
    exchange.response().headers().set(HttpHeaders.LOCATION, "/jobs/" + job.id());
    exchange.send(ACCEPTED, Fields.JSON, JobJson.encode(job));
  }

  /** {@code DELETE /jobs/{id}}: whether there was anything left to be cancelled or not. */
  void cancel(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    exchange.reply(
        here(jobs).cancel(id(exchange)),
        job -> exchange.send(ACCEPTED, Fields.JSON, JobJson.encode(job)));
  }
}
