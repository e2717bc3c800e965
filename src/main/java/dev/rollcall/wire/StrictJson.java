package dev.rollcall.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON strictly (RFC 8259, RFC 7493): UTF-8 without overlong forms, no duplicate members, no
 * lone surrogates, one root, bounded depth and numbers.
 *
 * <p>Every fault is a {@link Failure} of kind {@code INVALID} with a JSON pointer, in our own
 * words: a parser's message may quote the input.
 */
public final class StrictJson {
  public static final int MAX_DEPTH = 200;
  public static final int MAX_NUMBER_LENGTH = 1000;

  /** How far the decimal point of a number may be from its first digit. */
  public static final int MAX_EXPONENT = 999_999_999;

  static final String BEYOND_LIMITS =
      "JSON nested deeper than "
          + MAX_DEPTH
          + ", or a number of more than "
          + MAX_NUMBER_LENGTH
          + " characters";

  /** For all JSON that others wrote, in whole texts and in pieces. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  // Callers bound the whole text.
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // Clients choose the names: interning would keep them all, and a shared table makes JSON
          // with ever new names ten times as slow.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private StrictJson() {}

  /**
   * Reads one JSON value.
   *
   * @param bytes the whole text; a byte order mark in front is ignored
   * @throws Failure of kind {@code INVALID} at the first fault
   */
  public static JsonNode read(byte[] bytes) {
    return read(decode(bytes));
  }

  /** Reads one JSON value from text that was decoded. */
  public static JsonNode read(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw Failure.invalid("", "a JSON value is expected, but the text is empty");
      }
      JsonNode root = value(parser);
      if (parser.nextToken() != null) {
        throw malformed(parser.currentLocation(), "more than one value");
      }
      return root;
    } catch (StreamConstraintsException e) {
      throw Failure.invalid("", BEYOND_LIMITS);
    } catch (JsonProcessingException e) {
      throw malformed(e.getLocation(), "it can't be read on from there");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static String decode(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    int start = marked ? 3 : 0;
    try {
      // A new decoder reports malformed bytes, which `new String` would replace.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw Failure.invalid("", "the text is not valid UTF-8");
    }
  }

  private static JsonNode value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> text(parser);
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw malformed(parser.currentLocation(), "a value is expected");
    };
  }

  private static ObjectNode object(JsonParser parser) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!isWellFormed(name)) {
        throw loneSurrogate(parser.getParsingContext().getParent());
      }
      if (object.has(name)) {
        throw Failure.invalid(pointer(parser.getParsingContext()), "a member that stands twice");
      }
      parser.nextToken();
      object.set(name, value(parser));
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static JsonNode text(JsonParser parser) throws IOException {
    String text = parser.getText();
    if (!isWellFormed(text)) {
      throw loneSurrogate(parser.getParsingContext());
    }
    return NODES.textNode(text);
  }

  private static JsonNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private static JsonNode decimal(JsonParser parser) throws IOException {
    BigDecimal number;
    try {
      number = parser.getDecimalValue();
    } catch (JsonProcessingException | NumberFormatException e) {
      throw extremeNumber(parser);
    }
    // It is written and read again, which may make it longer and change its exponent.
    long exponent = (long) number.precision() - number.scale() - 1;
    if (Math.abs(exponent) > MAX_EXPONENT || number.toString().length() > MAX_NUMBER_LENGTH) {
      throw extremeNumber(parser);
    }
    return NODES.numberNode(number);
  }

  private static Failure extremeNumber(JsonParser parser) {
    return Failure.invalid(
        pointer(parser.getParsingContext()),
        "a number of more than "
            + MAX_NUMBER_LENGTH
            + " characters, or with an exponent beyond "
            + MAX_EXPONENT);
  }

  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /** The JSON pointer to a member of the root. */
  public static String pointerTo(String member) {
    return "/" + member.replace("~", "~0").replace("/", "~1");
  }

  /** For faults only, since copying long names for each member would be slow. */
  private static String pointer(JsonStreamContext place) {
    return place.pathAsPointer().toString();
  }

  private static Failure loneSurrogate(JsonStreamContext place) {
    return Failure.invalid(pointer(place), "text with a lone surrogate");
  }

  private static Failure malformed(JsonLocation at, String why) {
    // One line of text is often a line among others, so its number would mislead.
    String line = at.getLineNr() == 1 ? "" : "line " + at.getLineNr() + ", ";
    return Failure.invalid(
        "", "malformed JSON at " + line + "column " + at.getColumnNr() + ": " + why);
  }
}
