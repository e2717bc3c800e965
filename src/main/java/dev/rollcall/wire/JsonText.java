package dev.rollcall.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds single values in JSON without building a tree. */
public final class JsonText {
  /** More digits than an index can have. */
  private static final int LONGEST_INDEX = 9;

  private JsonText() {}

  /**
   * The text of a string unescaped, of a number as it is written, or of a boolean, in valid JSON;
   * null where there is none.
   *
   * @param path names of members, the last of which counts where a name stands twice, and indexes
   *     of elements in decimal; empty for the whole
   */
  public static @Nullable String at(Buffer json, List<String> path) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(json.getBytes())) {
      parser.nextToken();
      return find(parser, path, 0);
    } catch (IOException e) {
      throw new IllegalArgumentException("what is not JSON has no values in it", e);
    }
  }

  /**
   * The text of a member of the root that is a string, for what is not read otherwise: it costs a
   * look at each byte.
   *
   * @param json what may be JSON or not
   * @return null where there is none, or none that can be seen
   */
  public static @Nullable String glance(Buffer json, String member) {
    byte[] bytes = json.getBytes();
    byte[][] names = {member.getBytes(StandardCharsets.UTF_8)};
    JsonCursor cursor = new JsonCursor(bytes, 0, bytes.length);
    try {
      // Before each member there is a brace or a comma.
      for (byte mark = cursor.next();
          (mark == '{' || mark == ',') && cursor.peek() == '"';
          mark = cursor.next()) {
        boolean found = cursor.indexOf(names) == 0;
        if (cursor.next() != ':') {
          return null;
        }
        boolean text = cursor.peek() == '"';
        int from = cursor.at();
        cursor.skip();
        if (found) {
          return text ? unescaped(bytes, from, cursor.at()) : null;
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
    return null;
  }

  /**
   * A string of valid JSON without its quotes and escapes.
   *
   * @param from where its first quote is
   * @param to behind its last one
   */
  public static String unescaped(byte[] json, int from, int to) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(json, from, to - from)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new IllegalArgumentException("what is not JSON has no text in it", e);
    }
  }

  /** Follows the rest of the path in the current value, and moves to the end of that. */
  private static @Nullable String find(JsonParser parser, List<String> path, int step)
      throws IOException {
    if (step == path.size()) {
      String found = scalar(parser);
      parser.skipChildren();
      return found;
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> inObject(parser, path, step);
      case START_ARRAY -> inArray(parser, path, step);
      default -> null;
    };
  }

  private static @Nullable String inObject(JsonParser parser, List<String> path, int step)
      throws IOException {
    String found = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean named = parser.currentName().equals(path.get(step));
      parser.nextToken();
      if (named) {
        found = find(parser, path, step + 1);
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private static @Nullable String inArray(JsonParser parser, List<String> path, int step)
      throws IOException {
    int index = index(path.get(step));
    String found = null;
    for (int at = 0; parser.nextToken() != JsonToken.END_ARRAY; at++) {
      if (at == index) {
        found = find(parser, path, step + 1);
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  /** An index in decimal; -1 for any other text. */
  private static int index(String text) {
    if (text.isEmpty() || text.length() > LONGEST_INDEX) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(text);
  }

  private static @Nullable String scalar(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          parser.getText();
      default -> null;
    };
  }
}
