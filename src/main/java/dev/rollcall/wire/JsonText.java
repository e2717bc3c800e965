package dev.rollcall.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds single values in JSON that is known to be valid, without building a tree. */
public final class JsonText {

  /** More digits than the index of an element can have. */
  private static final int LONGEST_INDEX = 9;

  private JsonText() {}

  /**
   * The text of a string unescaped, of a number as it is written, or of a boolean.
   *
   * @param path names of members, of which the first one counts where a name stands twice, and
   *     indexes of elements in decimal; empty for the whole
   * @return null where there is nothing at that place, or something else
   */
  public static @Nullable String at(Buffer json, List<String> path) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(json.getBytes())) {
      parser.nextToken();
      for (String step : path) {
        if (!enter(parser, step)) {
          return null;
        }
      }
      return scalar(parser);
    } catch (IOException e) {
      throw new IllegalArgumentException("what is not JSON has no values in it", e);
    }
  }

  private static boolean enter(JsonParser parser, String step) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> enterMember(parser, step);
      case START_ARRAY -> enterElement(parser, step);
      default -> false;
    };
  }

  private static boolean enterMember(JsonParser parser, String name) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(name);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static boolean enterElement(JsonParser parser, String step) throws IOException {
    int index = index(step);
    if (index < 0) {
      return false;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (index == 0) {
        return true;
      }
      index--;
      parser.skipChildren();
    }
    return false;
  }

  /** The index that is written in decimal; -1 for another text. */
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
