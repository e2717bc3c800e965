package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.MediaTypes;
import dev.rollcall.operations.Resources;
import dev.rollcall.operations.UserReading;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.http.HttpHeaders;
import java.util.function.Consumer;

/** {@code GET /users/changes}: a stretch of the feed as JSON, or all that follows as events. */
final class ChangeFeed implements Consumer<OperationExchange> {

  private final Resources resources;
  private final EventStream.Open streams;

  ChangeFeed(Resources resources, HttpLimits limits) {
    this.resources = resources;
    this.streams = new EventStream.Open(limits.feedStreams());
  }

  @Override
  public void accept(OperationExchange exchange) {
    ChangePage.Query query = ChangePage.Query.read(exchange.parameters());
    // The same address has two forms, and a cache must not give one for the other.
    exchange.response().headers().add(HttpHeaders.VARY, Fields.ACCEPT);
    if (MediaTypes.prefersEvents(exchange.requestHeaders())) {
      stream(exchange, lastEventId(exchange, query.after()));
    } else {
      UserReading.changes(resources, exchange, query);
    }
  }

  /** See {@link EventStream.Open#end}. */
  void endStreams() {
    streams.end();
  }

  /** What a client that reconnects has seen last, which is newer than what its address says. */
  private static long lastEventId(Exchange exchange, long after) {
    String given = EventStream.lastEventId(exchange);
    if (given == null) {
      return after;
    }
    long seq = WholeNumber.parse(given);
    if (seq < 0) {
      throw Failure.of(Kind.INVALID, "Last-Event-ID " + Parameters.notAnInteger(0, User.MAX_ID));
    }
    return seq;
  }

  private void stream(Exchange exchange, long after) {
    Users users = resources.users();
    if (exchange.head().isHead()) {
      // It reads as well, so that it does not promise a stream that GET would refuse.
      exchange.reply(
          users.changes(after, 1, exchange.client()), page -> EventStream.beginOnly(exchange));
      return;
    }
    streams.add(exchange, () -> new ChangeStream(exchange, users, after)).start();
  }
}
