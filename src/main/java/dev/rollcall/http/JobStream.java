package dev.rollcall.http;

import dev.rollcall.http.server.Exchange;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.jobs.Pace;
import dev.rollcall.jobs.Pace.Progress;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;

/**
 * A job's progress as server-sent events, to one client: {@code progress} while it has not ended,
 * and one {@code end}, with which the stream ends.
 *
 * <p>It looks at what is recorded, so it may be followed from any node: every so often, and at once
 * when the job has ended here. Each event tells all that there is to be told, so a client that
 * comes back needs none of those that it missed.
 */
final class JobStream {

  /** The id of the last event; those of the others are how many users were done. */
  static final String LAST = "end";

  /** How often it looks, in milliseconds. */
  private static final long INTERVAL = 500;

  /** A job that does not move is told of again after this time. */
  private static final long STILL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Buffer HELLO = Buffer.buffer("retry: 1000\n\n");

  private final Exchange exchange;
  private final Jobs jobs;
  private final long id;
  private final Context context;
  private final Pace pace = new Pace();
  private String told = "";
  private long toldAt;
  private long timer = -1;
  private boolean lookAgain;
  private boolean ending;

  JobStream(Exchange exchange, Jobs jobs, long id) {
    this.exchange = exchange;
    this.jobs = jobs;
    this.id = id;
    this.context = Vertx.currentContext();
  }

  /** Begins with a job as it was found. */
  void start(Job job) {
    HttpServerResponse stream = ChangeStream.begin(exchange);
    stream.write(HELLO);
    exchange.detach();
    jobs.follow(id, this, () -> context.runOnContext(ended -> lookNow()));
    tell(job);
  }

  /** Ends the stream as a whole answer, though the job has not ended. */
  void end() {
    ending = true;
    if (!exchange.ended()) {
      exchange.response().end();
    }
  }

  /** Lets go of what it holds, once the exchange has ended. */
  void release() {
    jobs.unfollow(this);
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
    }
  }

  private void lookNow() {
    if (timer < 0) {
      // It is looking, perhaps at what was there before the end.
      lookAgain = true;
    } else {
      context.owner().cancelTimer(timer);
      look();
    }
  }

  private void look() {
    timer = -1;
    if (!exchange.ended() && !ending) {
      exchange.reply(jobs.get(id, exchange.client()), this::found);
    }
  }

  private void found(Job job) {
    if (lookAgain) {
      lookAgain = false;
      look();
    } else {
      tell(job);
    }
  }

  private void tell(Job job) {
    if (exchange.ended() || ending) {
      return;
    }
    long now = System.nanoTime();
    Progress progress = pace.of(job, now);
    if (job.state().isEnd()) {
      ending = true;
      exchange.response().end(event("end", LAST, progress));
      return;
    }
    String state = job.state().word() + job.done();
    boolean news = !state.equals(told) || now - toldAt > STILL_NANOS;
    // Whoever does not read what there is needs no more of it.
    if (news && !exchange.response().writeQueueFull()) {
      told = state;
      toldAt = now;
      exchange.response().write(event("progress", Integer.toString(job.done()), progress));
    }
    timer = context.owner().setTimer(INTERVAL, due -> look());
  }

  private static Buffer event(String kind, String id, Progress progress) {
    return Buffer.buffer("id: " + id + "\nevent: " + kind + "\ndata: ")
        .appendBuffer(JobJson.encode(progress))
        .appendString("\n\n");
  }
}
