package dev.rollcall.http;

import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reading users: one, or a page of a list. */
final class UserReading {

  private static final Set<String> PARAMETERS = Set.of("limit", "after", "email", "name", "id");

  private final Users users;

  UserReading(Users users) {
    this.users = users;
  }

  /** {@code GET /users/{id}}. */
  void get(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    get(exchange, RequestFields.id(exchange.pathParameter("id")));
  }

  /** {@code GET /users/{id}} when the id is known; answers before it returns where it can. */
  void get(Exchange exchange, long id) {
    EntityTags.Tags known = EntityTags.known(exchange.requestHeaders());
    Future<User> user = users.get(id);
    if (user.succeeded()) {
      found(exchange, known, user.result());
    } else {
      exchange.reply(user, found -> found(exchange, known, found));
    }
  }

  private static void found(Exchange exchange, EntityTags.@Nullable Tags known, User user) {
    exchange.revalidated();
    exchange.response().headers().set(HttpHeaders.ETAG, EntityTags.of(user.seq()));
    if (known != null && known.hold(user.seq())) {
      exchange.send(304);
    } else {
      exchange.send(200, Fields.JSON, user.json());
    }
  }

  /** {@code GET /users}. */
  void list(Exchange exchange) {
    QueryParameters given = new QueryParameters(exchange.request().query(), PARAMETERS);
    int limit = (int) given.number("limit", 1, UserQuery.MAX_LIMIT, UserQuery.DEFAULT_LIMIT);
    long after = given.parsed("after", Cursor::read, "is not a cursor of this list", 0);
    String email = given.text("email");
    String name = given.text("name");
    List<Long> ids = given.numbers("id", 1, User.MAX_ID, UserQuery.MAX_IDS);
    given.refuseIfFaulty();
    UserQuery query = new UserQuery(after, limit, email, name, ids);
    exchange.reply(users.list(query), page -> answer(exchange, query, page));
  }

  private static void answer(Exchange exchange, UserQuery query, UserPage page) {
    int length = 64;
    for (User user : page.items()) {
      length += user.json().length() + 1;
    }
    Buffer body = Buffer.buffer(length).appendString("{\"items\":[");
    String separator = "";
    for (User user : page.items()) {
      body.appendString(separator).appendBuffer(user.json());
      separator = ",";
    }
    exchange.revalidated();
    if (page.more()) {
      String cursor = Cursor.after(page.items().get(page.items().size() - 1).id());
      body.appendString("],\"next\":\"").appendString(cursor).appendString("\"}");
      exchange.response().headers().set(Fields.LINK, link(query, cursor));
    } else {
      body.appendString("],\"next\":null}");
    }
    exchange.send(200, Fields.JSON, body);
  }

  /** The next page under the same filters (RFC 8288). */
  private static String link(UserQuery query, String cursor) {
    StringBuilder link = new StringBuilder("</users?limit=").append(query.limit());
    link.append("&after=").append(cursor);
    if (query.email() != null) {
      link.append("&email=").append(URLEncoder.encode(query.email(), StandardCharsets.UTF_8));
    }
    if (query.name() != null) {
      link.append("&name=").append(URLEncoder.encode(query.name(), StandardCharsets.UTF_8));
    }
    query.ids().forEach(id -> link.append("&id=").append(id));
    return link.append(">; rel=\"next\"").toString();
  }
}
