package dev.rollcall.bus;

import static dev.rollcall.bus.Operation.open;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.bus.Operation.Late;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobReader;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.EncodedObject;
import dev.rollcall.wire.RequestHeaders;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Jobs: starting one, one of them, a page of them, cancelling one. */
final class JobCalls {

  private final Jobs jobs;
  private final Bodies bodies;
  private final Bodies requests = new Bodies(JobReader.BODY_LIMIT);

  JobCalls(Jobs jobs, Bodies bodies) {
    this.jobs = jobs;
    this.bodies = bodies;
  }

  /** Its rows of the table of what is served. */
  List<Operation> table() {
    return List.of(
        open(Addresses.JOBS_START, Late.WRITE, this::start),
        open(Addresses.JOBS_GET, Late.READ, this::get),
        open(Addresses.JOBS_LIST, Late.READ, this::list),
        open(Addresses.JOBS_CANCEL, Late.WRITE, this::cancel));
  }

  /** {@code rollcall.jobs.start}: the body of {@code POST /jobs}. */
  private void start(Call call) {
    UUID key = RequestHeaders.idempotencyKey(call.headers());
    ObjectNode body = requests.object(call);
    reply(call, jobs.start(jobs.reader().read(body, key)));
  }

  /** {@code rollcall.jobs.get}. */
  private void get(Call call) {
    reply(call, jobs.get(bodies.id(call), call.caller()));
  }

  /** {@code rollcall.jobs.list}. */
  private void list(Call call) {
    JobQuery query = JobQuery.read(new Members(bodies.object(call)).only(JobQuery.PARAMETERS));
    call.reply(
        jobs.list(query, call.caller()),
        page -> call.reply(new EncodedObject(JobJson.encode(page))));
  }

  /** {@code rollcall.jobs.cancel}. */
  private void cancel(Call call) {
    reply(call, jobs.cancel(bodies.id(call)));
  }

  private static void reply(Call call, Future<Job> answer) {
    call.reply(answer, job -> call.reply(new EncodedObject(JobJson.encode(job))));
  }
}
