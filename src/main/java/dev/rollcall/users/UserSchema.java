package dev.rollcall.users;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.wire.EncodedObject;
import dev.rollcall.wire.StrictJson;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a user consists of: the columns of its table, for both stores, and the members of its JSON.
 *
 * <p>A field that clients set also stands in {@link User}, {@link UserDraft} and {@link
 * DraftReader}. All else follows from this class, also what users are searched by. Nodes of two
 * versions may share a store: what reads a new member accepts that it is not there.
 */
public final class UserSchema {
  /** A column of the table of users: its name in every store, and how its value follows. */
  public sealed interface Column {
    String name();

    /** The member that holds the value where users travel between nodes. */
    default String member() {
      return name();
    }

    /** Whether the value stays what it was when the user was created. */
    default boolean isFixed() {
      return false;
    }
  }

  /** A column of 64-bit integers. Times are milliseconds since 1970. */
  public record NumberColumn(
      String name, String member, boolean isFixed, ToLongFunction<User> value) implements Column {}

  /** A column of texts. */
  public record TextColumn(String name, Function<User, @Nullable String> value) implements Column {}

  /**
   * A column of bytes by which a text of users is searched; it is never read.
   *
   * @param parameter what lists of users call the search
   * @param isPrefix whether it finds by the beginning of the text, else by the whole
   * @param key the form in which texts are compared
   */
  public record KeyColumn(
      String name,
      String parameter,
      boolean isPrefix,
      Function<String, byte[]> key,
      Function<User, @Nullable String> text)
      implements Column {
    /** The value for a user; null where the user has no such text. */
    public byte @Nullable [] value(User user) {
      String given = text.apply(user);
      return given == null ? null : key.apply(given);
    }
  }

  /** All columns in the order of the tables: a new one comes last. */
  public static final List<Column> COLUMNS =
      List.of(
          new NumberColumn("id", "id", true, User::id),
          new TextColumn("name", User::name),
          new KeyColumn("name_key", "name", true, SearchKey::of, User::name),
          new TextColumn("email", User::email),
          new KeyColumn("email_key", "email", false, EmailKey::of, User::email),
          new TextColumn("attributes", User::attributes),
          new NumberColumn("version", "version", false, User::version),
          new NumberColumn("created_at", "createdAt", true, of -> of.createdAt().toEpochMilli()),
          new NumberColumn("updated_at", "updatedAt", false, of -> of.updatedAt().toEpochMilli()),
          new NumberColumn("seq", "seq", false, User::seq));

  /** The columns that an update writes. */
  public static final List<Column> UPDATED =
      COLUMNS.stream().filter(column -> !column.isFixed()).toList();

  /** The columns that {@link #read} wants, in its order: all but the keys. */
  public static final List<Column> READ =
      COLUMNS.stream().filter(column -> !(column instanceof KeyColumn)).toList();

  /** The names of {@link #READ} for a SELECT. */
  public static final String READ_NAMES =
      READ.stream().map(Column::name).collect(Collectors.joining(", "));

  /** The members that a client sets, beside {@code attributes}. */
  public static final Set<String> PLAIN_MEMBERS = Set.of("id", "name", "email");

  /** The members that the server sets. */
  static final Set<String> SET_BY_SERVER = Set.of("version", "createdAt", "updatedAt");

  /** UTC to the millisecond. */
  public static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private static final JsonFactory FACTORY = new JsonFactory();

  private UserSchema() {}

  /** Reads the values of rows that hold {@link #READ}; fails with {@code X}. */
  public interface Row<R, X extends Exception> {
    long number(R row, int index) throws X;

    @Nullable String text(R row, int index) throws X;

    default String required(R row, int index) throws X {
      String text = text(row, index);
      if (text == null) {
        throw new IllegalStateException(READ.get(index).name() + " is null");
      }
      return text;
    }
  }

  /** The user of a row that holds {@link #READ}. */
  public static <R, X extends Exception> User read(R row, Row<R, X> values) throws X {
    return User.of(
        values.number(row, 0),
        values.required(row, 1),
        values.text(row, 2),
        values.required(row, 3),
        values.number(row, 4),
        Instant.ofEpochMilli(values.number(row, 5)),
        Instant.ofEpochMilli(values.number(row, 6)),
        values.number(row, 7));
  }

  /** A user as JSON: always all members, in one order, on one line. */
  static byte[] encode(
      long id, UserDraft content, long version, Instant createdAt, Instant updatedAt) {
    String created = TIME.format(createdAt);
    // Formatting a time takes as long as all else here, and a new user's are the same.
    String updated = updatedAt.equals(createdAt) ? created : TIME.format(updatedAt);
    return bytes(
        json -> {
          json.writeNumberField("id", id);
          writeContent(json, content);
          json.writeNumberField("version", version);
          json.writeStringField("createdAt", created);
          json.writeStringField("updatedAt", updated);
        });
  }

  /** A draft as {@link DraftReader#line} reads it again. */
  public static Buffer encode(UserDraft draft) {
    return write(
        json -> {
          if (draft.id() != null) {
            json.writeNumberField("id", draft.id());
          }
          writeContent(json, draft);
        });
  }

  private static void writeContent(JsonGenerator json, UserDraft content) throws IOException {
    json.writeStringField("name", content.name());
    json.writeStringField("email", content.email());
    json.writeFieldName("attributes");
    json.writeRawValue(content.attributes());
  }

  /** The user of its JSON, which has no seq. */
  public static User decode(String json, long seq) {
    JsonNode members = StrictJson.read(json);
    return User.of(
        members.get("id").longValue(),
        members.get("name").textValue(),
        members.get("email").textValue(),
        members.get("attributes").toString(),
        members.get("version").longValue(),
        Instant.parse(members.get("createdAt").textValue()),
        Instant.parse(members.get("updatedAt").textValue()),
        seq);
  }

  /**
   * A user as a message, whose members a receiver in this process gets without parsing, which took
   * a third of the round trip.
   */
  public static EncodedObject message(User user) {
    return new EncodedObject(user.json(), () -> members(user));
  }

  private static Map<String, @Nullable Object> members(User user) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", EncodedObject.integer(user.id()));
    members.put("name", user.name());
    members.put("email", user.email());
    members.put("attributes", EncodedObject.members(user.attributes()));
    members.put("version", EncodedObject.integer(user.version()));
    members.put("createdAt", user.createdText());
    members.put("updatedAt", user.updatedText());
    return members;
  }

  public interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  public static Buffer write(Members members) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes(members)));
  }

  private static byte[] bytes(Members members) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
        JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
