package dev.rollcall.http;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.OutboundBudget;
import dev.rollcall.base.OutboundShare;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.Problems;
import dev.rollcall.http.server.StreamWriter;
import dev.rollcall.sources.Caller;
import dev.rollcall.views.View;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewRequest;
import dev.rollcall.views.Views;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One batch: so many ids are in flight, and each that ends is a line and makes room for the next.
 *
 * <pre>
 * ids → fetch (at most {@code concurrency} at once) → lines, as they end → StreamWriter → client
 * </pre>
 *
 * <p>While the client does not take its lines, no new fetch is started: memory holds what the
 * connection's queue does, and one answer for each that was in flight, of which each has its share
 * of the process' budget. A client that hangs up cancels those, and the rest is never begun.
 * Belongs to the event loop of its connection.
 */
final class ViewBatch {

  /** So many are started before others on this event loop have their turn. */
  private static final int TURN = 64;

  private final Exchange exchange;
  private final Views views;
  private final View view;
  private final Mode mode;
  private final Duration time;
  private final BatchRequest request;
  private final Caller caller;
  private final Context context;
  private final OutboundBudget budget;
  private final StreamWriter<BatchLine> writer;
  private final Set<Cancellation> inFlight = new HashSet<>();
  private List<BatchLine> lines = new ArrayList<>();
  private @Nullable OutboundShare room;
  private boolean awaitingRoom;
  private int next;
  private boolean advancing;
  private boolean writing;

  /**
   * A batch that has not begun.
   *
   * @param time what each answer may take, from when it is begun
   */
  ViewBatch(
      OperationExchange exchange,
      Views views,
      View view,
      Mode mode,
      Duration time,
      BatchRequest request) {
    this.exchange = exchange;
    this.views = views;
    this.view = view;
    this.mode = mode;
    this.time = time;
    this.request = request;
    this.caller = exchange.caller();
    this.context = Vertx.currentContext();
    this.budget = exchange.outgoing().budget();
    this.writer =
        new StreamWriter<>(exchange, (line, piece) -> line.append(piece, exchange.head().id()));
  }

  /** Sends the head at once: there is nothing left that a status could tell. */
  void start() {
    exchange.whenEnded(this::stop);
    HttpServerResponse response = exchange.stream(Fields.NDJSON);
    // To an HTTP/1.0 client, for whom there are no chunks, Vert.x sends it along with a line.
    if (response.isChunked()) {
      response.writeHead();
    }
    advance();
  }

  /** Moves on as far as that goes without waiting. */
  private void advance() {
    // A fetch whose answer is at hand ends before it returns, and would lead here again.
    if (advancing) {
      return;
    }
    advancing = true;
    for (int started = 0; started < TURN && mayFetch() && mayHold(); started++) {
      fetch(request.id(next++), held());
    }
    write();
    if (mayFetch() && mayHold()) {
      context.runOnContext(turn -> exchange.guarded(this::goOn));
      return;
    }
    advancing = false;
    if (isDone()) {
      exchange.response().end();
    }
  }

  private void goOn() {
    advancing = false;
    advance();
  }

  private boolean mayFetch() {
    return !exchange.ended()
        && !writing
        && next < request.size()
        && inFlight.size() < request.concurrency();
  }

  /**
   * Whether there is room for one more answer. Where there is none, those that are under way lead
   * here again when they have ended; where none is, it waits for room.
   */
  private boolean mayHold() {
    if (room == null) {
      room = budget.tryTake(budget.views().next());
    }
    if (room == null && !awaitingRoom && inFlight.isEmpty() && lines.isEmpty()) {
      awaitingRoom = true;
      budget
          .take(budget.views().next(), exchange.client(), true)
          .onSuccess(
              granted -> {
                awaitingRoom = false;
                room = granted;
                exchange.guarded(this::roomCame);
              });
    }
    return room != null;
  }

  private void roomCame() {
    if (exchange.ended()) {
      stop();
    } else {
      advance();
    }
  }

  /** The room that was found, which is the next answer's now. */
  private OutboundShare held() {
    OutboundShare found = Objects.requireNonNull(room);
    room = null;
    return found;
  }

  private boolean isDone() {
    return !exchange.ended() && !writing && next == request.size() && inFlight.isEmpty();
  }

  private void fetch(long id, OutboundShare share) {
    Cancellation client = new Cancellation();
    inFlight.add(client);
    answer(id, client).onComplete(result -> ended(id, client, share, result));
  }

  private Future<ViewAnswer> answer(long id, Cancellation client) {
    try {
      return views.fetch(new ViewRequest(view, mode, Deadline.in(time), client, caller), id);
    } catch (RuntimeException e) {
      // Whatever happens to one id is a line of its own, and the others go on.
      return Future.failedFuture(e);
    }
  }

  private void ended(
      long id, Cancellation client, OutboundShare share, AsyncResult<ViewAnswer> result) {
    inFlight.remove(client);
    if (exchange.ended()) {
      share.giveBack();
      return;
    }
    lines.add(line(id, share, result));
    exchange.guarded(this::advance);
  }

  private BatchLine line(long id, OutboundShare share, AsyncResult<ViewAnswer> result) {
    if (result.failed()) {
      return BatchLine.of(id, Problems.failure(result.cause(), exchange.head().id()), share);
    }
    long size = result.result().size();
    budget.views().seen(size);
    return share.resize(2 * size)
        ? BatchLine.of(id, result.result(), share)
        : BatchLine.of(id, OutboundBudget.full(""), share);
  }

  /** Writes the lines that there are, unless earlier ones wait for the client. */
  private void write() {
    if (!writing && !lines.isEmpty()) {
      writing = true;
      List<BatchLine> written = lines;
      lines = new ArrayList<>();
      written.forEach(line -> exchange.outgoing().adopt(line.share()));
      writer.write(
          written,
          () -> {
            writing = false;
            exchange.outgoing().giveBack();
            advance();
          });
    }
  }

  private void stop() {
    List<Cancellation> unfinished = List.copyOf(inFlight);
    inFlight.clear();
    lines.forEach(line -> line.share().giveBack());
    lines.clear();
    unfinished.forEach(Cancellation::cancel);
    if (room != null) {
      room.giveBack();
      room = null;
    }
  }
}
