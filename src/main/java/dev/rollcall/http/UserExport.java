package dev.rollcall.http;

import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.PageStream;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import io.vertx.core.Vertx;

/**
 * One export. When the store fails midway the connection is cut, and the missing last chunk tells
 * the client that this is not all.
 */
final class UserExport {

  private static final int PAGE = UserQuery.MAX_LIMIT;

  /** What a user takes beside its texts, in bytes. */
  private static final int OVERHEAD = 400;

  private final Exchange exchange;
  private final Users users;
  private final String position;
  private final PageStream<User> pages;
  private boolean begun;

  UserExport(Exchange exchange, Users users, String position) {
    this.exchange = exchange;
    this.users = users;
    this.position = position;
    this.pages =
        new PageStream<>(
            exchange,
            user -> OVERHEAD + 2L * user.length(), // As its parts, and as its JSON.
            (user, lines) -> lines.appendBuffer(user.json()).appendByte((byte) '\n'));
  }

  void start() {
    read(0);
  }

  private void read(long after) {
    pages.read(() -> users.list(UserQuery.all(after, PAGE), exchange.client()), this::write);
  }

  private void write(UserPage page) {
    if (!begun) {
      begin();
    }
    pages.fit(page.items());
    pages.write(page.items(), () -> goOn(page));
  }

  /** Sends the head with the first page and not before: until then a failure can be told. */
  private void begin() {
    begun = true;
    exchange.response().headers().set(Fields.CHANGES_AFTER, position);
    exchange.stream(Fields.NDJSON);
  }

  private void goOn(UserPage page) {
    if (page.more()) {
      long last = page.items().get(page.items().size() - 1).id();
      // A turn of the event loop between two pages leaves room for others.
      Vertx.currentContext().runOnContext(turn -> read(last));
    } else {
      exchange.response().end();
    }
  }
}
