package dev.rollcall.users;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;

/** Users and changes as JSON. Always all members, in one order, without line breaks. */
public final class UserJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** UTC, always with three digits of milliseconds. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private UserJson() {}

  static Buffer encode(
      long id,
      String name,
      @Nullable String email,
      String attributes,
      long version,
      Instant createdAt,
      Instant updatedAt) {
    return write(
        json -> {
          json.writeNumberField("id", id);
          json.writeStringField("name", name);
          json.writeStringField("email", email);
          json.writeFieldName("attributes");
          json.writeRawValue(attributes);
          json.writeNumberField("version", version);
          json.writeStringField("createdAt", TIME.format(createdAt));
          json.writeStringField("updatedAt", TIME.format(updatedAt));
        });
  }

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

  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private static Buffer write(Members members) {
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
