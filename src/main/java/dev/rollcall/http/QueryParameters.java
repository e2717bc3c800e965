package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.users.Parameters;
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
 * The parameters of a query, form-encoded as browsers and libraries write them ({@code +} is a
 * space). Whatever is at fault is reported at once, with pointers of the form {@code ?name}.
 *
 * <p>Reading goes: the constructor splits and decodes, the getters check, {@link #refuseIfFaulty}
 * throws.
 */
final class QueryParameters implements Parameters {

  private static final int MAX_FAULTS = 20;
  private static final int LONGEST_NAME = 100;

  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  /**
   * Reads a query.
   *
   * @param query what follows the {@code ?}; null when nothing does
   * @param known the parameters that may be given
   */
  QueryParameters(@Nullable String query, Set<String> known) {
    if (query == null) {
      return;
    }
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        add(pair, known);
      }
    }
  }

  /** Refuses any parameter, for routes that have none. */
  static void none(@Nullable String query) {
    if (query != null) {
      new QueryParameters(query, Set.of()).refuseIfFaulty();
    }
  }

  private void add(String pair, Set<String> known) {
    int equals = pair.indexOf('=');
    String rawName = equals < 0 ? pair : pair.substring(0, equals);
    String name = decode(rawName);
    String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
    if (name == null || value == null) {
      fault(name == null ? rawName : name, "is not percent-encoded UTF-8");
    } else if (!known.contains(name)) {
      fault(name, "unknown parameter");
    } else {
      values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }
  }

  /** A parameter that may be given once; null when it is not, or is at fault. */
  @Nullable String single(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      fault(name, "must be given once");
      return null;
    }
    return given.isEmpty() ? null : given.get(0);
  }

  @Override
  public @Nullable String text(String name) {
    String text = single(name);
    if (text != null && text.isEmpty()) {
      fault(name, "must not be empty");
      return null;
    }
    return text;
  }

  @Override
  public long number(String name, long least, long most, long fallback) {
    String text = single(name);
    if (text == null) {
      return fallback;
    }
    long number = WholeNumber.parse(text);
    if (number < least || number > most) {
      fault(name, "must be an integer from " + least + " to " + most);
      return fallback;
    }
    return number;
  }

  @Override
  public List<Long> numbers(String name, long least, long most, int atMost) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > atMost) {
      fault(name, "must be given at most " + atMost + " times");
      return List.of();
    }
    List<Long> numbers = new ArrayList<>(given.size());
    for (String text : given) {
      long number = WholeNumber.parse(text);
      if (number < least || number > most) {
        fault(name, "must be an integer from " + least + " to " + most);
      }
      numbers.add(number);
    }
    return numbers;
  }

  @Override
  public long parsed(
      String name, Function<String, @Nullable Long> parse, String fault, long fallback) {
    String text = single(name);
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
  public void refuseIfFaulty() {
    if (!faults.isEmpty()) {
      throw Failure.invalid(faults);
    }
  }

  private void fault(String name, String detail) {
    if (faults.size() < MAX_FAULTS) {
      String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
      faults.add(new Fault("?" + shown, detail));
    }
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
