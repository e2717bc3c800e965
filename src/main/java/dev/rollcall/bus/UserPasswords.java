package dev.rollcall.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.users.NewPassword;
import dev.rollcall.users.PasswordReader;
import dev.rollcall.users.Users;
import dev.rollcall.wire.Addresses;
import io.vertx.core.json.JsonObject;

/** Setting and verifying passwords. What a caller sends here is never logged and never repeated. */
final class UserPasswords {

  private final Users users;
  private final Bodies bodies;

  UserPasswords(Users users, Bodies bodies) {
    this.users = users;
    this.bodies = bodies;
  }

  /** {@code rollcall.users.password.set}: an id, and a password or a hash. */
  void set(Call call) {
    ObjectNode body = bodies.object(call);
    long id = takeId(body);
    NewPassword password = PasswordReader.toSet(body);
    call.reply(
        users.setPassword(id, password, address(call), call.caller()),
        done -> call.reply(new JsonObject()));
  }

  /** {@code rollcall.users.password.verify}: an id and a password. */
  void verify(Call call) {
    ObjectNode body = bodies.object(call);
    long id = takeId(body);
    String password = PasswordReader.toVerify(body);
    call.reply(
        users.verifyPassword(id, password, address(call), call.caller()),
        valid -> call.reply(new JsonObject().put("valid", valid)));
  }

  /** Takes the id out, so that what is left is what the path over HTTP is not. */
  private static long takeId(ObjectNode body) {
    Members members = new Members(body);
    long id = members.id();
    members.refuseIfFaulty();
    body.remove("id");
    return id;
  }

  /** The client of a bridge has an address; the members of the bus are not told apart. */
  private static ClientAddress address(Call call) {
    String address = call.headers().get(Addresses.CLIENT);
    return address == null ? ClientAddress.BUS : ClientAddress.of(address);
  }
}
