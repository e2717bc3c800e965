package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.http.server.Body;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.LineSplitter;
import dev.rollcall.http.server.RequestAdmission;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Users;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One import: lines are gathered into a chunk while the store works on the one before.
 *
 * <pre>
 * bytes → LineSplitter → ImportChunk (gathering) → Users.writeAll (one at a time) → ImportReport
 *
 * GATHERING ◀──▶ STORING ──▶ GIVING_UP      each of which ends in OVER
 * </pre>
 *
 * <p>When the gathered chunk is full and the store is not done, the request is paused, which stops
 * the client by TCP: memory holds two chunks and one received buffer, however long the input is. A
 * client that hangs up ends it after the chunk in the store; what is stored stays. It has a place
 * among the requests at work while a chunk is in the store, and none while its client sends.
 */
final class UserImport implements Handler<Buffer> {

  private static final BulkOutcome NOTHING_WRITTEN = new BulkOutcome(List.of(), null);

  private enum State {
    /** The store has nothing of it. */
    GATHERING,
    /** The store has a chunk; the next one is gathered meanwhile. */
    STORING,
    /** The input can't be read on, but the store is to finish its chunk first. */
    GIVING_UP,
    /** It is answered, or its client has gone. */
    OVER
  }

  private final Exchange exchange;
  private final Users users;
  private final int lineLimit;
  private final long patience;
  private final LineSplitter lines;
  private final ImportInput input;
  private final ImportReport report = new ImportReport();
  private final Context context;
  private final @Nullable String by;
  private ImportChunk gathering;
  private State state = State.GATHERING;
  private boolean pumping;

  /** What the chunk in the store takes of memory. */
  private long storingBytes;

  /** Since when a place is waited for; 0 while none is. */
  private long waitingSince;

  /** Why it is given up once the store has finished its chunk. */
  private @Nullable Failure fault;

  /**
   * An import that has not begun.
   *
   * @param by whose changes they are; null where nobody had to say who he is
   */
  UserImport(Exchange exchange, @Nullable String by, Users users, HttpSettings settings) {
    this.exchange = exchange;
    this.by = by;
    this.gathering = new ImportChunk(by);
    this.users = users;
    this.lineLimit = settings.bodyLimit();
    this.patience = settings.requestTimeout().toNanos();
    this.input = new ImportInput(exchange, settings, this::late);
    this.context = Vertx.currentContext();
    this.lines = new LineSplitter(lineLimit);
  }

  void start() {
    HttpServerRequest request = exchange.request();
    request.handler(this);
    request.endHandler(end -> inputEnded());
    request.exceptionHandler(this::broken);
    exchange.whenEnded(() -> become(State.OVER));
    exchange.lasts();
    exchange.rest();
  }

  private void become(State next) {
    boolean mayBecome =
        switch (state) {
          case GATHERING -> next == State.STORING || next == State.OVER;
          case STORING -> next != State.STORING;
          case GIVING_UP -> next == State.GIVING_UP || next == State.OVER;
          case OVER -> next == State.OVER;
        };
    if (!mayBecome) {
      throw new IllegalStateException("an import that is " + state + " can't become " + next);
    }
    state = next;
  }

  @Override
  public void handle(Buffer buffer) {
    if (state == State.OVER) {
      return;
    }
    input.received(buffer.length());
    lines.offer(buffer);
    pump();
    if (state != State.OVER
        && !exchange.bytes().hold(lines.held() + gathering.held() + storingBytes)) {
      input.pause();
      giveUpAfterStore(InboundShare.noRoom());
    }
  }

  private void inputEnded() {
    if (state != State.OVER) {
      input.end();
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
      while (state != State.OVER && step()) {
        // Each step gathers a chunk and hands it over.
      }
    } finally {
      pumping = false;
    }
    if (state != State.OVER && !gathering.isFull()) {
      input.resume();
    }
  }

  /** Fills the chunk and hands it over; false when bytes or the store must be waited for. */
  private boolean step() {
    gathering.fill(lines, input.hasEnded(), lineLimit);
    if (!gathering.isFull() && !input.hasEnded()) {
      return false;
    }
    if (state != State.GATHERING) {
      input.pause();
      return false;
    }
    if (gathering.isEmpty()) {
      become(State.OVER);
      exchange.send(200, Fields.JSON, report.json().toBuffer());
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

  private void store() {
    ImportChunk chunk = gathering;
    gathering = new ImportChunk(by);
    if (chunk.writes().isEmpty()) {
      exchange.rest();
      report.add(chunk, NOTHING_WRITTEN);
      return;
    }
    become(State.STORING);
    storingBytes = chunk.held();
    exchange.reply(users.writeAll(chunk.writes()), outcome -> stored(chunk, outcome));
  }

  private void stored(ImportChunk chunk, BulkOutcome outcome) {
    storingBytes = 0;
    exchange.rest();
    if (state == State.OVER) {
      return;
    }
    report.add(chunk, outcome);
    Failure why = outcome.stopped() == null ? fault : outcome.stopped();
    if (why != null) {
      giveUp(why);
    } else {
      become(State.GATHERING);
      pump();
    }
  }

  /**
   * Looks for a place now and then, as long as a body may take at most. Each chunk needs one, so
   * that a client that sends slowly has none meanwhile.
   */
  private void awaitPlace() {
    input.pause();
    long now = System.nanoTime();
    if (waitingSince == 0) {
      waitingSince = now;
    } else if (now - waitingSince > patience) {
      giveUp(RequestAdmission.tooMany());
      return;
    }
    context.owner().setTimer(Exchange.RETRY, again -> exchange.guarded(this::pump));
  }

  private void giveUp(Failure failure) {
    become(State.OVER);
    exchange.fail(report.on(failure));
  }

  private void giveUpAfterStore(Failure failure) {
    if (state == State.GATHERING) {
      giveUp(failure);
    } else if (state != State.OVER) {
      become(State.GIVING_UP);
      fault = failure;
    }
  }

  private void broken(Throwable cause) {
    if (state != State.OVER && !Body.isGone(cause)) {
      become(State.OVER);
      exchange.failFraming(report.on(Body.malformedChunks()));
    }
  }

  private void late() {
    giveUpAfterStore(Failure.of(Kind.REQUEST_TIMEOUT, "no more of the body arrived in time"));
  }
}
