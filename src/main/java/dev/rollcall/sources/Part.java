package dev.rollcall.sources;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One source within one answer: not started, running, ended. Belongs to the event loop of its
 * {@link Gather}.
 */
final class Part {

  private final SourceClient client;
  private final Promise<Part> ended = Promise.promise();
  private long startedAt;
  private @Nullable Fetch fetch;
  private @Nullable SourceResult result;
  private boolean stopped;

  Part(SourceClient client) {
    this.client = client;
  }

  String name() {
    return client.settings().name();
  }

  SourceClient client() {
    return client;
  }

  /** Succeeds with this part once it has ended, whatever came of it; never fails. */
  Future<Part> whenEnded() {
    return ended.future();
  }

  /** How it ended; null as long as it has not. */
  @Nullable SourceResult result() {
    return result;
  }

  /** How it ended, or that it was never begun. */
  SourceStatus status() {
    return result == null ? SourceStatus.SKIPPED : result.status();
  }

  /** Its answer for the sources that need it; null where it has none. */
  @Nullable Buffer value() {
    return result == null ? null : result.value();
  }

  /** Whether it was asked, or had its answer at hand; not whether there was nothing to ask. */
  boolean ran() {
    return result != null
        && (result.attempts() > 0 || (fetch != null && result.status().isAnswer()));
  }

  /** Whether it was ended from outside. */
  boolean wasStopped() {
    return stopped;
  }

  /** Runs from now on. */
  void begin() {
    startedAt = System.nanoTime();
  }

  /** Is asked from now on, and ends with what that brings. */
  void ask(Fetch asked) {
    fetch = asked;
    asked
        .answer()
        .onSuccess(
            landed -> {
              SourceReply reply = landed.reply();
              end(reply.status(), landed.attempts(), reply.value(), reply.detail());
            });
  }

  /** Ends without having been asked. */
  void end(SourceStatus status, String detail) {
    end(status, 0, null, detail);
  }

  /** Ends it from outside, where it has not ended: its fetch is cancelled. */
  void stop(SourceStatus ifRunning, SourceStatus ifNotBegun, String why) {
    if (result != null) {
      return;
    }
    stopped = true;
    Fetch running = fetch;
    if (running == null) {
      end(ifNotBegun, why);
    } else {
      running.cancel();
      end(ifRunning, running.attempts(), null, why);
    }
  }

  private void end(
      SourceStatus status, int attempts, @Nullable Buffer value, @Nullable String detail) {
    if (result == null) {
      long nanos = startedAt == 0 ? 0 : System.nanoTime() - startedAt;
      result = new SourceResult(name(), status, nanos, attempts, value, detail);
      ended.complete(this);
    }
  }
}
