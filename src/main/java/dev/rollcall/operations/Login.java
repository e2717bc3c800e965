package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.KeyHash;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.EmailKey;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import dev.rollcall.wire.JsonMembers;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in, by an id or an address, and with which password.
 *
 * @param id 0 where an address is given
 */
record Login(long id, @Nullable String email, String password) {

  private static final Set<String> MEMBERS = Set.of("id", "email", "password");
  private static final int LONGEST = 1024;

  /** Reads {@code {"id":…,"password":…}} or {@code {"email":…,"password":…}}. */
  static Login read(JsonNode body) {
    JsonMembers members = JsonMembers.of(body, MEMBERS);
    String email = members.optional("email");
    long id = members.has("id") ? members.id() : 0;
    String password = members.required("password");
    members.refuseIfFaulty();
    if (members.has("id") == members.has("email")) {
      throw Failure.invalid("", "either email or id is expected, and not both");
    }
    if (email != null) {
      requireLength("email", email);
    }
    requireLength("password", password);
    return new Login(id, email, password);
  }

  private static void requireLength(String name, String text) {
    int characters = text.codePointCount(0, text.length());
    if (characters < 1 || characters > LONGEST) {
      throw Failure.invalid("/" + name, "must have 1 to " + LONGEST + " characters");
    }
  }

  /**
   * Whose password is to be verified. For an unknown address it is a number that no user has and
   * that is its alone, so that wrong passwords for it are counted, slowed and answered as those for
   * others.
   */
  Future<Long> user(Users users, Cancellation client) {
    String address = email;
    if (address == null) {
      return Future.succeededFuture(id);
    }
    return users
        .list(new UserQuery(0, 1, address, null, List.of()), client)
        .map(found -> found.items().isEmpty() ? nobody(address) : found.items().get(0).id());
  }

  private static long nobody(String address) {
    String key = new String(EmailKey.of(address), StandardCharsets.UTF_8);
    return KeyHash.of(key).a() | Long.MIN_VALUE;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Login";
  }
}
