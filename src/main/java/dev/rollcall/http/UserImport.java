package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.http.server.Body;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.LineSplitter;
import dev.rollcall.http.server.RateDeadline;
import dev.rollcall.http.server.RequestAdmission;
import dev.rollcall.http.server.RequestBytes;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Users;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One import: lines are gathered into a chunk while the store works on the one before.
 *
 * <pre>
 * bytes → LineSplitter → ImportChunk (gathering) → Users.writeAll (one at a time) → ImportReport
 * </pre>
 *
 * <p>When the gathered chunk is full and the store is not done, the request is paused, which stops
 * the client by TCP: memory holds two chunks and one received buffer, however long the input is. A
 * client that hangs up ends it after the chunk in the store; what is stored stays. It has a place
 * among the requests at work while a chunk is in the store, and none while its client sends.
 */
final class UserImport implements Handler<Buffer> {

  private static final BulkOutcome NOTHING_WRITTEN = new BulkOutcome(List.of(), null);

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final Users users;
  private final int lineLimit;
  private final long patience;
  private final RateDeadline rate;
  private final LineSplitter lines;
  private final ImportReport report = new ImportReport();
  private final Context context;
  private ImportChunk gathering = new ImportChunk();

  /** What the chunk in the store takes of memory. */
  private long storingBytes;

  /** Since when a place is waited for; 0 while none is. */
  private long waitingSince;

  private boolean storing;
  private boolean pumping;
  private boolean paused;
  private boolean hungry;
  private boolean inputEnded;
  private boolean over;

  /** Set when the input can't be read on, but the store is to finish its chunk first. */
  private @Nullable Runnable givingUp;

  UserImport(Exchange exchange, Users users, HttpSettings settings) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.users = users;
    this.lineLimit = settings.bodyLimit();
    this.patience = settings.requestTimeout().toNanos();
    this.rate = RateDeadline.ofBody(settings);
    this.context = Vertx.currentContext();
    this.lines = new LineSplitter(lineLimit);
  }

  void start() {
    request.handler(this);
    request.endHandler(end -> inputEnded());
    request.exceptionHandler(this::broken);
    exchange.whenEnded(() -> over = true);
    exchange.rest();
    rate.begin(System.nanoTime());
    awaitBytes();
  }

  @Override
  public void handle(Buffer buffer) {
    if (over) {
      return;
    }
    if (!paused) {
      rate.pass(buffer.length(), System.nanoTime());
      awaitBytes();
    }
    lines.offer(buffer);
    pump();
    if (!over && !exchange.bytes().hold(lines.held() + gathering.held() + storingBytes)) {
      pause();
      afterStore(() -> giveUp(RequestBytes.noRoom()));
    }
  }

  private void inputEnded() {
    if (!over) {
      inputEnded = true;
      exchange.bodyRead();
      pump();
    }
  }

  /** Moves lines on as far as they go without waiting. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!over && step()) {
        // Each step gathers a chunk and hands it over.
      }
    } finally {
      pumping = false;
    }
    if (hungry && !over) {
      resume();
    }
  }

  /** Fills the chunk and hands it over; false when bytes or the store must be waited for. */
  private boolean step() {
    boolean exhausted = gather();
    hungry = exhausted && !inputEnded;
    if (hungry) {
      return false;
    }
    if (storing) {
      pause();
      return false;
    }
    if (gathering.isEmpty()) {
      finish();
      return false;
    }
    if (!exchange.work()) {
      awaitPlace();
      return false;
    }
    waitingSince = 0;
    store();
    return true;
  }

  /** Adds lines until the chunk is full; true when there are no more lines for now. */
  private boolean gather() {
    while (!gathering.isFull()) {
      byte[] line = lines.next();
      if (line == null && inputEnded) {
        line = lines.last();
      }
      if (line == null) {
        return true;
      }
      gathering.add(lines.number(), line, lineLimit);
    }
    return false;
  }

  private void store() {
    ImportChunk chunk = gathering;
    gathering = new ImportChunk();
    if (chunk.writes().isEmpty()) {
      exchange.rest();
      report.add(chunk, NOTHING_WRITTEN);
      return;
    }
    storing = true;
    storingBytes = chunk.held();
    exchange.reply(users.writeAll(chunk.writes()), outcome -> stored(chunk, outcome));
  }

  private void stored(ImportChunk chunk, BulkOutcome outcome) {
    storing = false;
    storingBytes = 0;
    exchange.rest();
    if (over) {
      return;
    }
    report.add(chunk, outcome);
    Failure stopped = outcome.stopped();
    if (stopped != null) {
      giveUp(stopped);
    } else if (givingUp != null) {
      givingUp.run();
    } else {
      pump();
    }
  }

  /**
   * Looks for a place now and then, as long as a body may take at most. Each chunk needs one, so
   * that a client that sends slowly has none meanwhile.
   */
  private void awaitPlace() {
    pause();
    long now = System.nanoTime();
    if (waitingSince == 0) {
      waitingSince = now;
    } else if (now - waitingSince > patience) {
      giveUp(RequestAdmission.tooMany());
      return;
    }
    context.owner().setTimer(Exchange.RETRY, again -> exchange.guarded(this::pump));
  }

  private void finish() {
    over = true;
    exchange.send(200, Fields.JSON, report.json().toBuffer());
  }

  private void giveUp(Failure failure) {
    over = true;
    exchange.fail(report.on(failure));
  }

  private void late() {
    afterStore(
        () -> giveUp(Failure.of(Kind.REQUEST_TIMEOUT, "no more of the body arrived in time")));
  }

  private void broken(Throwable cause) {
    // A closed connection ends the exchange by itself.
    if (!over && !(cause instanceof HttpClosedException)) {
      over = true;
      exchange.failFraming(report.on(Body.malformedChunks()));
    }
  }

  private void afterStore(Runnable end) {
    if (over) {
      return;
    }
    if (storing) {
      givingUp = end;
    } else {
      end.run();
    }
  }

  private void awaitBytes() {
    exchange.connection().expect(rate.at(), this::late);
  }

  private void pause() {
    if (!paused && !inputEnded) {
      paused = true;
      rate.stop(System.nanoTime());
      request.pause();
      // It is our turn: the client can't send what we do not take.
      exchange.connection().arrived();
    }
  }

  private void resume() {
    if (paused) {
      paused = false;
      rate.resume(System.nanoTime());
      awaitBytes();
      request.resume();
    }
  }
}
