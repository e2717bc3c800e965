package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.wire.ServerSentEvents;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Server-sent events to one client. Belongs to the event loop of its connection. */
abstract class EventStream {

  final Exchange exchange;
  final Context context = Vertx.currentContext();

  /** No event follows, or none but what is being read. */
  boolean ending;

  private boolean established;

  EventStream(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The streams of one kind that an instance has open. */
  static final class Open {

    private final HttpLimits.Count count;
    private final Set<EventStream> streams = new HashSet<>();

    /**
     * None.
     *
     * @param count of those that all instances have open
     */
    Open(HttpLimits.Count count) {
      this.count = count;
    }

    /** A further stream, for as long as its exchange goes on; fails where there are too many. */
    <S extends EventStream> S add(Exchange exchange, Supplier<S> stream) {
      if (!count.enter()) {
        throw Failure.of(Kind.UNAVAILABLE, "too many event streams are open");
      }
      S opened = stream.get();
      streams.add(opened);
      exchange.whenEnded(
          () -> {
            streams.remove(opened);
            count.leave();
            opened.release();
          });
      return opened;
    }

    /** Ends all as whole answers; their clients will come back with their last event id. */
    void end() {
      List.copyOf(streams).forEach(EventStream::end);
    }
  }

  /** What a client that reconnects has seen last; null for nothing. */
  static @Nullable String lastEventId(Exchange exchange) {
    String given = exchange.requestHeaders().get(Fields.LAST_EVENT_ID);
    // An empty one says that nothing was seen: refusing it would end a browser's stream for good.
    return given == null || given.isEmpty() ? null : given;
  }

  /** Begins an answer of events. */
  static HttpServerResponse begin(Exchange exchange) {
    ServerSentEvents.unbuffered(exchange.response().headers());
    return exchange.stream(ServerSentEvents.TYPE);
  }

  /** Answers a HEAD as the stream would begin, unless the client has gone. */
  static void beginOnly(Exchange exchange) {
    if (!exchange.ended()) {
      begin(exchange).end();
    }
  }

  static void append(Buffer events, String id, String kind, Buffer data) {
    ServerSentEvents.append(events.appendString("id: " + id + "\n"), kind, data);
  }

  /** Begins the answer, which takes no place among the requests at work any more. */
  void establish() {
    established = true;
    begin(exchange).write(ServerSentEvents.BEGINNING);
    exchange.detach();
  }

  boolean isEstablished() {
    return established;
  }

  /** Ends the stream as a whole answer, at the latest after the read that is under way. */
  void end() {
    ending = true;
    if (established && !exchange.ended()) {
      exchange.response().end();
    }
  }

  /** Gives up timers and subscriptions, once the exchange has ended. */
  abstract void release();
}
