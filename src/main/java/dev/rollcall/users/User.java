package dev.rollcall.users;

import dev.rollcall.wire.JsonText;
import dev.rollcall.wire.WholeNumber;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A user after a write. Immutable; shared between threads.
 *
 * <p>Its JSON is all that it needs to hold: the JSON has all of a user but the seq, always in one
 * order, so that its parts are found in it without parsing. A user who was made of parts holds them
 * as well, for the writer asks for each; one that is {@link #compact()} does not.
 */
public final class User {
  public static final long MAX_ID = WholeNumber.MAX;

  // What stands before a value, in this order.
  private static final String ID = "{\"id\":";
  private static final String NAME = ",\"name\":";
  private static final String EMAIL = ",\"email\":";
  private static final String ATTRIBUTES = ",\"attributes\":";
  private static final String VERSION = ",\"version\":";
  private static final String CREATED_AT = ",\"createdAt\":";
  private static final String UPDATED_AT = ",\"updatedAt\":";
  private static final String END = "}";

  private final long seq;
  private final byte[] json;
  private final @Nullable Parts parts;

  /** What the JSON is made of. */
  private record Parts(
      long id, UserDraft content, long version, Instant createdAt, Instant updatedAt) {}

  private User(long seq, byte[] json, @Nullable Parts parts) {
    this.seq = seq;
    this.json = json;
    this.parts = parts;
  }

  /**
   * A user of these parts.
   *
   * @param id from 1 to {@link #MAX_ID}
   * @param name trimmed, 1 to 200 code points
   * @param email as given, or null
   * @param attributes a JSON object as text
   * @param version 1 for a new user, one more with each write that changes something
   * @param createdAt to the millisecond
   * @param updatedAt to the millisecond; when {@code version} was written
   * @param seq of its last change; its ETag
   */
  public static User of(
      long id,
      String name,
      @Nullable String email,
      String attributes,
      long version,
      Instant createdAt,
      Instant updatedAt,
      long seq) {
    UserDraft content = new UserDraft(id, name, email, attributes);
    return of(id, content, version, createdAt, updatedAt, seq);
  }

  /** A user with the content of a draft, whose id is not looked at. */
  public static User of(
      long id, UserDraft content, long version, Instant createdAt, Instant updatedAt, long seq) {
    byte[] json = UserSchema.encode(id, content, version, createdAt, updatedAt);
    return new User(seq, json, new Parts(id, content, version, createdAt, updatedAt));
  }

  /** The same user with its JSON alone, for those who keep many. */
  public User compact() {
    return parts == null ? this : new User(seq, json, null);
  }

  public long seq() {
    return seq;
  }

  /** All but the seq, encoded once. Must not be changed: answers share it. */
  public Buffer json() {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(json));
  }

  /** How many bytes the JSON has. */
  public int length() {
    return json.length;
  }

  public long id() {
    return parts == null ? number(ID.length()) : parts.id;
  }

  public String name() {
    return parts == null ? text(nameAt()) : parts.content.name();
  }

  public @Nullable String email() {
    if (parts != null) {
      return parts.content.email();
    }
    int at = emailAt();
    return json[at] == 'n' ? null : text(at);
  }

  public String attributes() {
    if (parts != null) {
      return parts.content.attributes();
    }
    int at = attributesAt();
    return string(at, versionAt() - VERSION.length());
  }

  public long version() {
    return parts == null ? number(versionAt()) : parts.version;
  }

  public Instant createdAt() {
    return parts == null ? Instant.parse(createdText()) : parts.createdAt;
  }

  public Instant updatedAt() {
    return parts == null ? Instant.parse(updatedText()) : parts.updatedAt;
  }

  /** {@link #createdAt()} as the JSON has it: formatting it takes as long as parsing the user. */
  String createdText() {
    return text(createdAtAt());
  }

  /** {@link #updatedAt()} as the JSON has it. */
  String updatedText() {
    return text(updatedAtAt());
  }

  private int nameAt() {
    int at = ID.length();
    while (json[at] != ',') {
      at++;
    }
    return at + NAME.length();
  }

  private int emailAt() {
    return endOfText(nameAt()) + EMAIL.length();
  }

  private int attributesAt() {
    int at = emailAt();
    return (json[at] == 'n' ? at + "null".length() : endOfText(at)) + ATTRIBUTES.length();
  }

  // The attributes are as long as they like, so what follows them is found from the end.

  private int versionAt() {
    int at = createdAtAt() - CREATED_AT.length();
    while (json[at - 1] != ':') {
      at--;
    }
    return at;
  }

  private int createdAtAt() {
    return startOfPlainText(updatedAtAt() - UPDATED_AT.length());
  }

  private int updatedAtAt() {
    return startOfPlainText(json.length - END.length());
  }

  /** Where the text begins that ends before this, and has no quotes in it. */
  private int startOfPlainText(int end) {
    int at = end - 2;
    while (json[at] != '"') {
      at--;
    }
    return at;
  }

  /** Behind the closing quote of the text that begins here. */
  private int endOfText(int start) {
    int at = start + 1;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private String text(int start) {
    int end = endOfText(start);
    for (int at = start; at < end; at++) {
      if (json[at] == '\\') {
        return JsonText.unescaped(json, start, end);
      }
    }
    return string(start + 1, end - 1);
  }

  private String string(int from, int to) {
    return new String(json, from, to - from, StandardCharsets.UTF_8);
  }

  private long number(int start) {
    long number = 0;
    for (int at = start; json[at] >= '0' && json[at] <= '9'; at++) {
      number = number * 10 + (json[at] - '0');
    }
    return number;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof User user && user.seq == seq && Arrays.equals(user.json, json);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(seq);
  }

  /** Names nobody, so that no log does. */
  @Override
  public String toString() {
    return "user " + id() + ", seq " + seq;
  }
}
