package dev.rollcall.http;

import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One export: a page is read, written, and only then the next one is read, so that a slow client
 * costs a page of memory. When the store fails midway the connection is cut, and the missing last
 * chunk tells the client that this is not all.
 */
final class UserExport {

  private static final int PAGE = UserQuery.MAX_LIMIT;

  private final Exchange exchange;
  private final Users users;
  private final String position;
  private @Nullable HttpServerResponse response;

  UserExport(Exchange exchange, Users users, String position) {
    this.exchange = exchange;
    this.users = users;
    this.position = position;
  }

  void start() {
    read(0);
  }

  private void read(long after) {
    if (!exchange.ended()) {
      exchange.reply(users.list(UserQuery.all(after, PAGE)), this::write);
    }
  }

  private void write(UserPage page) {
    if (exchange.ended()) {
      return;
    }
    HttpServerResponse answer = response == null ? begin() : response;
    Buffer lines = lines(page.items());
    if (!page.more()) {
      answer.end(lines);
      return;
    }
    answer.write(lines);
    long last = page.items().get(page.items().size() - 1).id();
    if (answer.writeQueueFull()) {
      answer.drainHandler(
          drained -> {
            answer.drainHandler(null);
            read(last);
          });
    } else {
      // A turn of the event loop between two pages leaves room for others.
      Vertx.currentContext().runOnContext(turn -> read(last));
    }
  }

  /** Sends the head with the first page and not before: until then a failure can be told. */
  private HttpServerResponse begin() {
    exchange.response().headers().set(Fields.CHANGES_AFTER, position);
    response = exchange.stream(Fields.NDJSON);
    return response;
  }

  private static Buffer lines(List<User> users) {
    int length = 0;
    for (User user : users) {
      length += user.json().length() + 1;
    }
    Buffer lines = Buffer.buffer(length);
    for (User user : users) {
      lines.appendBuffer(user.json()).appendByte((byte) '\n');
    }
    return lines;
  }
}
