package dev.rollcall.operations;

import dev.rollcall.budgets.SizeEstimate;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.User;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import org.jspecify.annotations.Nullable;

/** Reading users: one, a page of a list, a stretch of the feed. */
public final class UserReading {

  private UserReading() {}

  static void get(Resources resources, Request request) {
    get(resources, request, request.id());
  }

  /** A user whose id is known; answers before it returns where the user is at hand. */
  public static void get(Resources resources, Request request, long id) {
    EntityTags.Tags known = request.known();
    Users users = resources.users();
    User present = users.present(id);
    if (present != null) {
      request.found(present, known);
      return;
    }
    SizeEstimate sizes = request.budget().users();
    request.reserve(
        sizes.next(),
        () ->
            request.reply(
                users.get(id, request.client()),
                user -> {
                  sizes.seen(user.length());
                  request.found(user, known);
                }));
  }

  static void list(Resources resources, Request request) {
    UserQuery query = UserQuery.read(request.parameters());
    request.reserve(
        request.budget().page(),
        () ->
            request.reply(
                resources.users().list(query, request.client()),
                page -> request.page(page.json(), link(query, page.next()))));
  }

  /** The next page under the same filters. */
  private static @Nullable String link(UserQuery query, @Nullable String next) {
    return next == null ? null : "/users?" + query.parameters(next);
  }

  static void changes(Resources resources, Request request) {
    changes(resources, request, ChangePage.Query.read(request.parameters()));
  }

  /** A stretch of the feed that is known already. */
  public static void changes(Resources resources, Request request, ChangePage.Query query) {
    request.reserve(
        request.budget().page(),
        () ->
            request.reply(
                resources.users().changes(query.after(), query.limit(), request.client()),
                page -> request.page(page.json(), null)));
  }
}
