package dev.rollcall.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Bodies of messages as JSON. */
public final class BusJson {
  private BusJson() {}

  /**
   * Whether a body is a JSON value, or bytes, which may be the text of one. Senders in this process
   * may send any object, which a codec would turn into JSON with all its fields.
   */
  public static boolean isJson(@Nullable Object body) {
    if (body instanceof Double || body instanceof Float) {
      return Double.isFinite(((Number) body).doubleValue());
    }
    return body == null
        || body instanceof Buffer
        || body instanceof JsonObject
        || body instanceof JsonArray
        || body instanceof String
        || body instanceof Number
        || body instanceof Boolean;
  }
}
