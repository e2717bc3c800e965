package dev.rollcall.bus;

import dev.rollcall.base.SizeEstimate;
import dev.rollcall.users.ChangeQuery;
import dev.rollcall.users.User;
import dev.rollcall.users.UserJson;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import dev.rollcall.wire.EncodedObject;

/** Reading users: one, a page of a list, a stretch of the feed. */
final class UserReading {

  private final Users users;
  private final Bodies bodies;

  UserReading(Users users, Bodies bodies) {
    this.users = users;
    this.bodies = bodies;
  }

  /** {@code rollcall.users.get}. */
  void get(Call call) {
    long id = bodies.id(call);
    User present = users.present(id);
    if (present != null) {
      found(call, present);
    } else {
      SizeEstimate sizes = call.budget().users();
      call.reserve(
          sizes.next(),
          () ->
              call.reply(
                  users.get(id, call.caller()),
                  user -> {
                    sizes.seen(user.json().length());
                    found(call, user);
                  }));
    }
  }

  private static void found(Call call, User user) {
    call.reply(UserJson.message(user), user.seq());
  }

  /** {@code rollcall.users.list}. */
  void list(Call call) {
    UserQuery query = UserQuery.read(new Members(bodies.object(call)).only(UserQuery.PARAMETERS));
    call.reserve(
        call.budget().page(),
        () ->
            call.reply(
                users.list(query, call.caller()),
                page -> call.reply(new EncodedObject(UserJson.encode(page)))));
  }

  /** {@code rollcall.users.changes}. */
  void changes(Call call) {
    ChangeQuery query =
        ChangeQuery.read(new Members(bodies.object(call)).only(ChangeQuery.PARAMETERS));
    call.reserve(
        call.budget().page(),
        () ->
            call.reply(
                users.changes(query.after(), query.limit(), call.caller()),
                page -> call.reply(new EncodedObject(UserJson.encode(page)))));
  }
}
