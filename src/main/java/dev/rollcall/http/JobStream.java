package dev.rollcall.http;

import dev.rollcall.http.server.Exchange;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.jobs.Pace;
import dev.rollcall.jobs.Pace.Progress;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;

/**
 * A job's progress as server-sent events, to one client: {@code progress} while it has not ended,
 * and one {@code end}, with which the stream ends.
 *
 * <p>It looks at what is recorded, so it may be followed from any node: every so often, and at once
 * when the job has ended here. Each event holds the whole state, so a client that comes back needs
 * none of those that it missed.
 */
final class JobStream extends EventStream {

  /** The id of the last event; those of the others are how many users were done. */
  static final String LAST = "end";

  /** How often it looks, in milliseconds. */
  private static final long INTERVAL = 500;

  /** A job that does not move is shown again after this time. */
  private static final long STILL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Jobs jobs;
  private final long id;
  private final Pace pace = new Pace();
  private String lastSent = "";
  private long lastSentAt;
  private long timer = -1;
  private boolean lookAgain;

  JobStream(Exchange exchange, Jobs jobs, long id) {
    super(exchange);
    this.jobs = jobs;
    this.id = id;
  }

  /** Begins with a job as it was found. */
  void start(Job job) {
    establish();
    jobs.follow(id, this, () -> context.runOnContext(ended -> lookNow()));
    show(job);
  }

  @Override
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
      show(job);
    }
  }

  private void show(Job job) {
    if (exchange.ended() || ending) {
      return;
    }
    long now = System.nanoTime();
    Progress progress = pace.of(job, now);
    if (job.state().isEnd()) {
      ending = true;
      exchange.response().end(event(LAST, "end", progress));
      return;
    }
    String state = job.state().word() + job.done();
    boolean news = !state.equals(lastSent) || now - lastSentAt > STILL_NANOS;
    // Whoever does not read what there is needs no more of it.
    if (news && !exchange.outgoing().isBehind()) {
      lastSent = state;
      lastSentAt = now;
      exchange.response().write(event(Integer.toString(job.done()), "progress", progress));
    }
    timer = context.owner().setTimer(INTERVAL, due -> look());
  }

  private static Buffer event(String id, String kind, Progress progress) {
    Buffer event = Buffer.buffer();
    append(event, id, kind, JobJson.encode(progress));
    return event;
  }
}
