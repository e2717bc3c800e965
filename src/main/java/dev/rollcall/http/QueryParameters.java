package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.WholeNumber;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a path and a query say, the latter form-encoded as browsers and libraries write it ({@code
 * +} is a space). Whatever is at fault in the query is reported at once, with pointers of the form
 * {@code ?name}, and what is at fault in the path only where the query is not.
 *
 * <p>Reading goes: the constructor splits and decodes, the getters check, {@link #refuseIfFaulty}
 * throws.
 */
final class QueryParameters extends Parameters {

  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final OperationExchange exchange;
  private @Nullable Failure faultOfPath;

  /**
   * Reads the query of a request.
   *
   * @param known the parameters that may be given
   */
  QueryParameters(OperationExchange exchange, Set<String> known) {
    this.exchange = exchange;
    String query = exchange.request().query();
    if (query == null) {
      return;
    }
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        add(pair, known);
      }
    }
  }

  /** Refuses any query. */
  static void none(OperationExchange exchange) {
    if (exchange.request().query() != null) {
      new QueryParameters(exchange, Set.of()).refuseIfFaulty();
    }
  }

  private void add(String pair, Set<String> known) {
    int equals = pair.indexOf('=');
    String rawName = equals < 0 ? pair : pair.substring(0, equals);
    String name = decode(rawName);
    String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
    if (name == null || value == null) {
      String shown = shortened(name == null ? rawName : name, LONGEST_NAME);
      fault(shown, "is not percent-encoded UTF-8");
    } else if (!known.contains(name)) {
      fault(shortened(name, LONGEST_NAME), "unknown parameter");
    } else {
      values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }
  }

  @Override
  public long id() {
    try {
      return exchange.id();
    } catch (Failure e) {
      faultOfPath = e;
      return 0;
    }
  }

  /** A segment of the path, without which it would be another path. */
  @Override
  public String required(String name) {
    return exchange.pathParameter(name);
  }

  @Override
  public void refuseIfFaulty() {
    super.refuseIfFaulty();
    if (faultOfPath != null) {
      throw faultOfPath;
    }
  }

  /** A parameter that may be given once; null when it is not, or is at fault. */
  @Override
  public @Nullable String optional(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      fault(name, "must be given once");
      return null;
    }
    return given.isEmpty() ? null : given.get(0);
  }

  @Override
  public long number(String name, long least, long most, long fallback) {
    String text = optional(name);
    if (text == null) {
      return fallback;
    }
    long number = WholeNumber.parse(text);
    if (number < least || number > most) {
      notAnInteger(name, least, most);
      return fallback;
    }
    return number;
  }

  @Override
  public boolean flag(String name) {
    String text = optional(name);
    boolean set = "true".equals(text);
    if (text != null && !set && !text.equals("false")) {
      fault(name, "must be true or false");
    }
    return set;
  }

  @Override
  public List<Long> numbers(String name, long least, long most, int atMost) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > atMost) {
      tooMany(name, atMost);
      return List.of();
    }
    List<Long> numbers = new ArrayList<>(given.size());
    for (String text : given) {
      long number = WholeNumber.parse(text);
      if (number < least || number > most) {
        notAnInteger(name, least, most);
      }
      numbers.add(number);
    }
    return numbers;
  }

  @Override
  public long parsed(
      String name, Function<String, @Nullable Long> parse, String fault, long fallback) {
    String text = optional(name);
    if (text == null) {
      return fallback;
    }
    Long number = parse.apply(text);
    if (number == null) {
      fault(name, fault);
      return fallback;
    }
    return number;
  }

  @Override
  public String pointerTo(String name) {
    return "?" + name;
  }

  /** Decodes strictly: null where an escape or the UTF-8 behind it is malformed. */
  private static @Nullable String decode(String raw) {
    boolean plain = raw.indexOf('%') < 0 && raw.indexOf('+') < 0;
    if (plain && isAscii(raw)) {
      return raw;
    }
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
        int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else {
        // Netty reads the request's first line as Latin-1, so a character is a byte here.
        bytes.put((byte) (c == '+' ? ' ' : c));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
