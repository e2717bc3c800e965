package dev.rollcall.http;

import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.MediaTypes;
import dev.rollcall.http.server.StreamWriter;
import dev.rollcall.operations.Resources;
import dev.rollcall.operations.ViewReading;
import dev.rollcall.users.User;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewProgress;
import dev.rollcall.wire.ServerSentEvents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/**
 * A view as server-sent events: the {@code user}, each {@code source} when it ends, and the {@code
 * end}. It is a request at work like any other until all of its sources have ended, whether its
 * client reads or not.
 *
 * <p>While the client does not read, the events wait within its share of the process' budget;
 * nothing waits for them. A client that hangs up cancels what goes on. Belongs to the event loop of
 * its connection.
 */
final class ViewStream {

  private record Event(String kind, Buffer data) {
    void append(Buffer events) {
      ServerSentEvents.append(events, kind, data);
    }

    /** What it takes of memory, in bytes: as it is, and as it is sent. */
    long size() {
      return 2L * (data.length() + OVERHEAD);
    }
  }

  private static final int OVERHEAD = 50;

  private final Resources resources;
  private final OperationExchange exchange;
  private final ViewReading.Wanted wanted;
  private final long reserved;
  private final StreamWriter<Event> writer;
  private List<Event> waiting = new ArrayList<>();
  private boolean writing;
  private boolean over;
  private long size;

  /**
   * A stream that has not begun.
   *
   * @param reserved for how many bytes it has room
   */
  private ViewStream(
      Resources resources, OperationExchange exchange, ViewReading.Wanted wanted, long reserved) {
    this.resources = resources;
    this.exchange = exchange;
    this.wanted = wanted;
    this.reserved = reserved;
    this.writer = new StreamWriter<>(exchange, Event::append);
  }

  /** {@code GET /users/{id}/views/{view}}: as JSON, or as events where the client prefers those. */
  static void answer(Resources resources, OperationExchange exchange) {
    // The same address has two forms, and a cache must not give one for the other.
    exchange.response().headers().add(HttpHeaders.VARY, Fields.ACCEPT);
    if (!MediaTypes.prefersEvents(exchange.requestHeaders())) {
      ViewReading.get(resources, exchange);
      return;
    }
    ViewReading.Wanted wanted = ViewReading.read(resources, exchange);
    if (exchange.head().isHead()) {
      // It reads the user as well, so that it does not promise a stream that GET would refuse.
      exchange.reply(
          resources.users().get(wanted.id(), exchange.client()),
          user -> EventStream.beginOnly(exchange));
      return;
    }
    long room = wanted.request().view().size().next();
    exchange.reserve(room, () -> new ViewStream(resources, exchange, wanted, room).start());
  }

  private void start() {
    exchange.outgoing().workGoesOn(true);
    ViewProgress progress = new ViewProgress(this::begin, source -> tell("source", source));
    exchange.reply(resources.views().fetch(wanted.request(), wanted.id(), progress), this::end);
  }

  /** The user was found: from here on there is nothing that a status could tell. */
  private void begin(User user) {
    if (!exchange.ended()) {
      EventStream.begin(exchange);
      tell("user", user.json());
    }
  }

  private void end(ViewAnswer answer) {
    answer.view().size().seen(answer.size());
    over = true;
    exchange.outgoing().workGoesOn(false);
    tell("end", answer.end());
  }

  private void tell(String kind, Buffer data) {
    if (exchange.ended()) {
      return;
    }
    Event event = new Event(kind, data);
    waiting.add(event);
    size += event.size();
    if (exchange.outgoing().fit(Math.max(reserved, size))) {
      exchange.guarded(this::write);
    } else {
      exchange.fail(OutboundBudget.full(""));
    }
  }

  /** Writes what there is, unless earlier events wait for the client. */
  private void write() {
    if (!writing && !waiting.isEmpty()) {
      writing = true;
      List<Event> written = waiting;
      waiting = new ArrayList<>();
      writer.write(written, this::written);
    }
  }

  private void written() {
    writing = false;
    if (!waiting.isEmpty()) {
      write();
    } else if (over) {
      exchange.response().end();
    }
  }
}
