package dev.rollcall.users;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/**
 * Changes, and pages of them and of users, as JSON: always all members, in one order, on one line.
 * A user itself is encoded by {@link UserSchema}.
 */
public final class UserJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Times in UTC, always to the millisecond. */
  public static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private UserJson() {}

  /** A change of the feed, with the user spliced in as it was stored. */
  public static Buffer encode(Change change) {
    return write(
        json -> {
          json.writeNumberField("seq", change.seq());
          json.writeStringField("kind", change.kind().word());
          json.writeNumberField("id", change.id());
          json.writeNumberField("version", change.version());
          json.writeStringField("at", TIME.format(change.at()));
          json.writeFieldName("user");
          json.writeRawValue(change.user() == null ? "null" : change.user());
        });
  }

  /** A page of a list: {@code {"items":[…],"next":…}}, the latter a cursor or null. */
  public static Buffer encode(UserPage page) {
    int length = 64;
    for (User user : page.items()) {
      length += user.json().length() + 1;
    }
    Buffer json = Buffer.buffer(length).appendString("{\"items\":[");
    String separator = "";
    for (User user : page.items()) {
      json.appendString(separator).appendBuffer(user.json());
      separator = ",";
    }
    String next = page.next();
    return json.appendString("],\"next\":")
        .appendString(next == null ? "null" : "\"" + next + "\"")
        .appendString("}");
  }

  /** A stretch of the feed: {@code {"items":[…],"next":…}}, the latter a seq. */
  public static Buffer encode(ChangePage page) {
    Buffer json = Buffer.buffer(256).appendString("{\"items\":[");
    String separator = "";
    for (Change change : page.items()) {
      json.appendString(separator).appendBuffer(encode(change));
      separator = ",";
    }
    return json.appendString("],\"next\":")
        .appendString(Long.toString(page.next()))
        .appendString("}");
  }

  /** Writes the members of an object. */
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  static Buffer write(Members members) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
        JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
      json.flush();
      return Buffer.buffer(bytes.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
