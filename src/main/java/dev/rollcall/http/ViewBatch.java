package dev.rollcall.http;

import dev.rollcall.base.BoundedConcurrency;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.budgets.OutboundShare;
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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch: each id is fetched, and each answer is a line as soon as it is there.
 *
 * <pre>
 * ids → BoundedConcurrency (fetches) → lines, as they end → StreamWriter → client
 * </pre>
 *
 * <p>While the client does not take its lines, no new fetch is started: memory holds what the
 * connection's queue does, and one answer for each that was in flight, of which each has its share
 * of the process' budget. A client that hangs up cancels those, and the rest is never begun.
 * Belongs to the event loop of its connection.
 */
final class ViewBatch implements BoundedConcurrency.Work<ViewBatch.Item, ViewAnswer> {

  /**
   * An id to fetch.
   *
   * @param share the room that its answer has
   */
  record Item(long id, OutboundShare share) {}

  private final Exchange exchange;
  private final Views views;
  private final View view;
  private final Mode mode;
  private final Duration time;
  private final BatchRequest request;
  private final Caller caller;
  private final OutboundBudget budget;
  private final StreamWriter<BatchLine> writer;
  private final BoundedConcurrency<Item, ViewAnswer> fetches;
  private List<BatchLine> lines = new ArrayList<>();
  private @Nullable OutboundShare room;
  private boolean awaitingRoom;
  private int next;
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
    this.budget = exchange.outgoing().budget();
    this.writer =
        new StreamWriter<>(exchange, (line, piece) -> line.append(piece, exchange.head().id()));
    this.fetches = new BoundedConcurrency<>(Vertx.currentContext(), request.concurrency(), this);
  }

  /** Sends the head at once: there is nothing left that a status could tell. */
  void start() {
    exchange.whenEnded(this::stop);
    HttpServerResponse response = exchange.stream(Fields.NDJSON);
    // To an HTTP/1.0 client, for whom there are no chunks, Vert.x sends it along with a line.
    if (response.isChunked()) {
      response.writeHead();
    }
    fetches.advance();
  }

  @Override
  public boolean hasNext() {
    return next < request.size();
  }

  @Override
  public boolean hasRoom() {
    return !writing && mayHold();
  }

  /**
   * Whether there is room for one more answer. Where there is none, those that are under way lead
   * here again when they have ended; where none is, it waits for room.
   */
  private boolean mayHold() {
    if (room == null) {
      room = budget.tryTake(view.size().next());
    }
    if (room == null && !awaitingRoom && fetches.inFlight() == 0 && lines.isEmpty()) {
      awaitingRoom = true;
      budget
          .take(view.size().next(), exchange.client(), true)
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
      fetches.advance();
    }
  }

  @Override
  public Item next() {
    Item item = new Item(request.id(next++), Objects.requireNonNull(room));
    room = null;
    return item;
  }

  @Override
  public Future<ViewAnswer> begin(Item item, Cancellation client) {
    return views.fetch(
        new ViewRequest(view, mode, Deadline.in(time), false, client, caller), item.id());
  }

  @Override
  public void ended(Item item, AsyncResult<ViewAnswer> result) {
    if (exchange.ended()) {
      item.share().giveBack();
    } else {
      lines.add(line(item.id(), item.share(), result));
    }
  }

  @Override
  public void failed(RuntimeException fault) {
    exchange.fail(fault);
  }

  private BatchLine line(long id, OutboundShare share, AsyncResult<ViewAnswer> result) {
    if (result.failed()) {
      return BatchLine.of(id, Problems.failure(result.cause(), exchange.head().id()), share);
    }
    long size = result.result().size();
    view.size().seen(size);
    return share.resize(2 * size)
        ? BatchLine.of(id, result.result(), share)
        : BatchLine.of(id, OutboundBudget.full(""), share);
  }

  /** Writes the lines that there are, unless earlier ones wait for the client. */
  @Override
  public void advanced() {
    exchange.outgoing().workGoesOn(fetches.inFlight() > 0);
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
            fetches.advance();
          });
    }
  }

  @Override
  public void drained() {
    if (!writing) {
      exchange.response().end();
    }
  }

  private void stop() {
    fetches.cancel();
    lines.forEach(line -> line.share().giveBack());
    lines.clear();
    if (room != null) {
      room.giveBack();
      room = null;
    }
  }
}
