package dev.rollcall.users;

import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A column of the table of users: its name in every store, its type, and how its value follows from
 * a user. Immutable.
 */
public final class UserColumn {

  /** What a column holds. Times are numbers: milliseconds since 1970. */
  public enum Type {
    NUMBER,
    TEXT,
    BYTES
  }

  private static final ToLongFunction<User> NO_NUMBER =
      user -> {
        throw new IllegalStateException("this column holds no number");
      };
  private static final Function<User, @Nullable String> NO_TEXT =
      user -> {
        throw new IllegalStateException("this column holds no text");
      };
  private static final Function<User, byte @Nullable []> NO_BYTES =
      user -> {
        throw new IllegalStateException("this column holds no bytes");
      };

  private final String name;
  private final String json;
  private final Type type;
  private final boolean fixed;
  private final ToLongFunction<User> number;
  private final Function<User, @Nullable String> text;
  private final Function<User, byte @Nullable []> bytes;

  private UserColumn(
      String name,
      String json,
      Type type,
      boolean fixed,
      ToLongFunction<User> number,
      Function<User, @Nullable String> text,
      Function<User, byte @Nullable []> bytes) {
    this.name = name;
    this.json = json;
    this.type = type;
    this.fixed = fixed;
    this.number = number;
    this.text = text;
    this.bytes = bytes;
  }

  static UserColumn number(String name, String json, ToLongFunction<User> value) {
    return new UserColumn(name, json, Type.NUMBER, false, value, NO_TEXT, NO_BYTES);
  }

  /** A number that stays what it was when the user was created. */
  static UserColumn fixedNumber(String name, String json, ToLongFunction<User> value) {
    return new UserColumn(name, json, Type.NUMBER, true, value, NO_TEXT, NO_BYTES);
  }

  static UserColumn text(String name, Function<User, @Nullable String> value) {
    return new UserColumn(name, name, Type.TEXT, false, NO_NUMBER, value, NO_BYTES);
  }

  /** The form in which another column is searched; it follows from that one and is never read. */
  static UserColumn key(String name, Function<User, byte @Nullable []> value) {
    return new UserColumn(name, name, Type.BYTES, false, NO_NUMBER, NO_TEXT, value);
  }

  public String name() {
    return name;
  }

  /** The member that holds the value where users travel between nodes; not used of a key. */
  public String json() {
    return json;
  }

  public Type type() {
    return type;
  }

  /** Whether an update of a user leaves the value alone. */
  public boolean isFixed() {
    return fixed;
  }

  /** The value of a column of type {@code NUMBER}. */
  public long number(User user) {
    return number.applyAsLong(user);
  }

  /** The value of a column of type {@code TEXT}. */
  public @Nullable String text(User user) {
    return text.apply(user);
  }

  /** The value of a column of type {@code BYTES}. */
  public byte @Nullable [] bytes(User user) {
    return bytes.apply(user);
  }
}
