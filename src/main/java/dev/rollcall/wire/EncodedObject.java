package dev.rollcall.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object over its text, to be sent over the event bus. It can't be changed.
 *
 * <p>The bus' codec encodes an object for another node, and copies it for a receiver in this
 * process: the one gets the text as it is, the other a plain object.
 */
public final class EncodedObject extends JsonObject {
  private final Buffer text;
  private final Supplier<Map<String, @Nullable Object>> members;

  /** With a text within the limits of {@link StrictJson}, which must not be changed any more. */
  public EncodedObject(Buffer text) {
    this(text, () -> members(text.toString()));
  }

  /**
   * With members that are known without parsing.
   *
   * @param text a JSON object; must not be changed any more
   * @param members makes them anew each time, with the types that Vert.x' codec gives
   */
  public EncodedObject(Buffer text, Supplier<Map<String, @Nullable Object>> members) {
    super(new ReadLater(members));
    this.text = text;
    this.members = members;
  }

  @Override
  public JsonObject copy() {
    return new JsonObject(members.get());
  }

  @Override
  public JsonObject copy(Function<Object, ?> cloner) {
    return copy();
  }

  @Override
  public Buffer toBuffer() {
    return text;
  }

  @Override
  public String encode() {
    return text.toString();
  }

  /** Reads the members for those who look at them, such as an interceptor of the bus. */
  private static final class ReadLater extends AbstractMap<String, @Nullable Object> {
    private final Supplier<Map<String, @Nullable Object>> reader;
    private volatile @Nullable Map<String, @Nullable Object> members;

    ReadLater(Supplier<Map<String, @Nullable Object>> reader) {
      this.reader = reader;
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
      Map<String, @Nullable Object> read = members;
      if (read == null) {
        read = Collections.unmodifiableMap(reader.get());
        members = read;
      }
      return read.entrySet();
    }
  }

  /** The members of a JSON object within the limits of {@link StrictJson}. */
  public static Map<String, @Nullable Object> members(String text) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(text)) {
      parser.nextToken();
      return members(parser);
    } catch (IOException e) {
      throw new IllegalArgumentException("an object can't be read from what is not JSON", e);
    }
  }

  /** An integer in the smaller type that holds it, as a parser gives it. */
  public static Number integer(long value) {
    return value == (int) value ? (Number) (int) value : (Number) value;
  }

  private static Map<String, @Nullable Object> members(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      members.put(name, value(parser, parser.nextToken()));
    }
    return members;
  }

  private static List<@Nullable Object> elements(JsonParser parser) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      elements.add(value(parser, next));
    }
    return elements;
  }

  /** With the types that Vert.x' codec gives. */
  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("a value is expected, not " + token);
    };
  }
}
