package dev.rollcall.bus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonMembers;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of messages: a {@link JsonObject}, as members, bridges and other languages send
 * it, or the text of one in a {@link Buffer}, whose numbers keep their digits. A string is not read
 * as such a text.
 *
 * <p>An object is encoded and then read by the reader of HTTP's bodies, so that the same is
 * refused.
 */
final class Bodies {

  private static final String ID = "id";

  private Bodies() {}

  /**
   * The object that a message holds.
   *
   * @param limit how many bytes it may have as JSON
   * @throws Failure for anything else, and where too many bytes are in memory already
   */
  static ObjectNode object(Call call, int limit) {
    Object body = call.body();
    Buffer text = text(body);
    if (text.length() > limit) {
      throw Failure.of(Kind.TOO_LARGE, "the body must have at most " + limit + " bytes");
    }
    call.bytes().hold(text.length(), body != text);
    if (StrictJson.read(text.getBytes()) instanceof ObjectNode object) {
      return object;
    }
    throw noObject();
  }

  /** The id of a message that holds nothing else. */
  static long id(Call call, int limit) {
    // Nearly all messages are of this form, and need not be encoded first.
    if (call.body() instanceof JsonObject object && object.size() == 1) {
      Object id = object.getMap().get(ID);
      if (id instanceof Integer || id instanceof Long) {
        long number = ((Number) id).longValue();
        if (number >= 1 && number <= User.MAX_ID) {
          return number;
        }
      }
    }
    JsonMembers members = JsonMembers.of(object(call, limit)).only(Set.of(ID));
    long id = members.id();
    members.refuseIfFaulty();
    return id;
  }

  private static Buffer text(@Nullable Object body) {
    if (body instanceof Buffer text) {
      return text;
    }
    if (body instanceof JsonObject object) {
      try {
        return object.toBuffer();
      } catch (EncodeException e) {
        // Code of this process put something into it that JSON has no form for.
        throw noObject();
      }
    }
    throw noObject();
  }

  private static Failure noObject() {
    return Failure.invalid("", "a JSON object is expected");
  }
}
