package dev.rollcall.http;

import dev.rollcall.base.SizeEstimate;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.User;
import dev.rollcall.users.UserJson;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import io.vertx.core.http.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reading users: one, or a page of a list. */
final class UserReading {

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
    User present = users.present(id);
    if (present != null) {
      found(exchange, known, present);
    } else {
      SizeEstimate sizes = exchange.outgoing().budget().users();
      exchange
          .outgoing()
          .reserve(
              sizes.next(),
              () ->
                  exchange.reply(
                      users.get(id, exchange.client()),
                      user -> {
                        sizes.seen(user.json().length());
                        found(exchange, known, user);
                      }));
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
    UserQuery query =
        UserQuery.read(new QueryParameters(exchange.request().query(), UserQuery.PARAMETERS));
    exchange
        .outgoing()
        .reservePage(
            () ->
                exchange.reply(
                    users.list(query, exchange.client()), page -> answer(exchange, query, page)));
  }

  private static void answer(Exchange exchange, UserQuery query, UserPage page) {
    exchange.revalidated();
    String cursor = page.next();
    if (cursor != null) {
      exchange.response().headers().set(Fields.LINK, link(query, cursor));
    }
    exchange.send(200, Fields.JSON, UserJson.encode(page));
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
