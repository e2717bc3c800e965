package dev.rollcall.wire;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.rollcall.base.Failure;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  private static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof Integer one) {
        out.write(one);
      } else {
        out.writeBytes(part.toString().getBytes(UTF_8));
      }
    }
    return out.toByteArray();
  }

  private static Failure refused(byte[] bytes) {
    Failure failure = catchThrowableOfType(Failure.class, () -> StrictJson.read(bytes));
    assertThat(failure).as("a refusal").isNotNull();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
    assertThat(failure.faults()).hasSize(1);
    return failure;
  }

  private static String pointer(String text) {
    return refused(text.getBytes(UTF_8)).faults().get(0).pointer();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9007199254740993",
        "123456789012345678901234567890",
        "\"\"",
        "\"\\u0000\\ud83d\\ude00 \\\"\\\\\"",
        "[1,[2,{\"a\":{\"b\":[]}}]]",
        "{\"\":1,\" \":2,\"a/b~c\":3}",
        "{\"\\ud83d\\ude00\":1}",
      })
  void readsWhatIsValidAndWritesItTheSame(String text) {
    assertThat(StrictJson.read(text.getBytes(UTF_8)).toString())
        .isEqualTo(text.replace("\\ud83d\\ude00", "\ud83d\ude00"));
  }

  @Test
  void allowsWhiteSpaceAndOneByteOrderMarkInFront() {
    assertThat(StrictJson.read(bytes(0xEF, 0xBB, 0xBF, " \t\r\n[1] \n")).toString())
        .isEqualTo("[1]");
    refused(bytes(0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, "[1]"));
    refused(bytes("[", 0xEF, 0xBB, 0xBF, "1]"));
    refused(bytes(0xEF, 0xBB, 0xBF));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "\"",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "nul",
        "nulll",
        "True",
        "NaN",
        "Infinity",
        "-Infinity",
        "01",
        "-01",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "--1",
        "// no\n1",
        "/* no */ 1",
        "# no\n1",
        "1 2",
        "{}{}",
        "{} x",
        "[1]]",
        "null,",
        "\0",
        "{}\0",
        "\0{}",
        "[\0]",
        "\"\0\"",
        "undefined",
        "{\"\\ud83d\":1}",
        "{\"\\udc00\":1}",
        "{\"x\\ude00\\ud83d\":1}",
      })
  void refusesWhatIsMalformed(String text) {
    refused(text.getBytes(UTF_8));
  }

  static Stream<Arguments> brokenEncodings() {
    return Stream.of(
        Arguments.of("an overlong slash", bytes("\"", 0xC0, 0xAF, "\"")),
        Arguments.of("an overlong NUL", bytes("\"", 0xC0, 0x80, "\"")),
        Arguments.of("an overlong quote", bytes("{\"a\":", 0xC0, 0xA2, "}")),
        Arguments.of("an overlong form of three bytes", bytes("\"", 0xE0, 0x80, 0xAF, "\"")),
        Arguments.of("an overlong form of four bytes", bytes("\"", 0xF0, 0x80, 0x80, 0xAF, "\"")),
        Arguments.of("a surrogate in UTF-8", bytes("\"", 0xED, 0xA0, 0x80, "\"")),
        Arguments.of(
            "a pair of surrogates in UTF-8", bytes("\"", 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80, "\"")),
        Arguments.of("above U+10FFFF", bytes("\"", 0xF4, 0x90, 0x80, 0x80, "\"")),
        Arguments.of("a lone continuation", bytes("\"", 0x80, "\"")),
        Arguments.of("a sequence cut short", bytes("\"", 0xE2, 0x82, "\"")),
        Arguments.of("a sequence cut at the end", bytes("\"", 0xE2, 0x82)),
        Arguments.of("0xFF", bytes("\"", 0xFF, "\"")),
        Arguments.of("Latin-1", bytes("\"caf", 0xE9, "\"")),
        Arguments.of("garbage behind the value", bytes("{}", 0xFE)),
        Arguments.of("UTF-16, marked, big-endian", bytes(0xFE, 0xFF, 0, "{", 0, "}")),
        Arguments.of("UTF-16, marked, little-endian", bytes(0xFF, 0xFE, "{", 0, "}", 0)),
        Arguments.of("UTF-16, big-endian", "{\"a\":1}".getBytes(UTF_16BE)),
        Arguments.of("UTF-16, little-endian", "{\"a\":1}".getBytes(UTF_16LE)),
        Arguments.of("UTF-32", bytes(0, 0, 0, "{", 0, 0, 0, "}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenEncodings")
  void refusesWhatIsNotUtf8(String name, byte[] bytes) {
    refused(bytes);
  }

  static Stream<Arguments> faultsWithAPlace() {
    return Stream.of(
        Arguments.of("{\"a\":1,\"a\":1}", "/a"),
        Arguments.of("{\"a\":1,\"\\u0061\":2}", "/a"),
        Arguments.of("{\"\":1,\"\":2}", "/"),
        Arguments.of("{\"a/b\":{\"~\":[0,{\"x\":1,\"y\":2,\"x\":3}]}}", "/a~1b/~0/1/x"),
        Arguments.of("[[[{\"a\":null,\"a\":null}]]]", "/0/0/0/a"),
        Arguments.of("\"\\ud800\"", ""),
        Arguments.of("[\"\\udc00\"]", "/0"),
        Arguments.of("{\"a\":[1,\"x\\ude00\\ud83d\"]}", "/a/1"),
        Arguments.of("{\"a\":\"\\ud83d\"}", "/a"),
        Arguments.of("{\"a\":\"\\ud83dx\"}", "/a"),
        Arguments.of("{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "/a"),
        Arguments.of("[\"\\ud83d\\u0020\"]", "/0"));
  }

  @ParameterizedTest
  @MethodSource("faultsWithAPlace")
  void saysWhereTheFaultLies(String text, String pointer) {
    assertThat(pointer(text)).isEqualTo(pointer);
  }

  @Test
  void saysInWhichLineAndColumnItCouldNotReadOn() {
    assertThat(refused("{\n \"a\": x\n}".getBytes(UTF_8)).detail()).contains("line 2");
  }

  @Test
  void neverQuotesTheInput() {
    for (String text : new String[] {"{\"a\":secret}", "secret", "{\"a\":1} secret", "\"secret"}) {
      assertThat(refused(text.getBytes(UTF_8)).detail())
          .doesNotContain("secret", "java", "jackson");
    }
  }

  private static byte[] nested(int arrays, int objects) {
    return ("[".repeat(arrays)
            + "{\"a\":".repeat(objects)
            + "1"
            + "}".repeat(objects)
            + "]".repeat(arrays))
        .getBytes(UTF_8);
  }

  @Test
  void nestsTwoHundredDeepAndNoDeeper() {
    for (int objects : new int[] {0, 100, 200}) {
      assertThat(StrictJson.read(nested(200 - objects, objects))).isNotNull();
      refused(nested(201 - objects, objects));
    }
    refused("[".repeat(1_000_000).getBytes(UTF_8));
    refused("{\"a\":".repeat(1_000_000).getBytes(UTF_8));
  }

  @Test
  void numbersHaveAThousandCharactersAndNoMore() {
    String digits = "1".repeat(StrictJson.MAX_NUMBER_LENGTH);
    assertThat(StrictJson.read(digits.getBytes(UTF_8)).toString()).isEqualTo(digits);
    refused((digits + "1").getBytes(UTF_8));
    refused(("0." + digits).getBytes(UTF_8));
    refused("1".repeat(1_000_000).getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "-1e-400",
        "1e308",
        "1.0",
        "1.50",
        "-0.0",
        "0e0",
        "100e-2",
        "1E5",
        "1e999999999",
        "12345678901234567890.123456789012345678901234567890"
      })
  void aNumberCanBeReadBackAsItIsWritten(String text) {
    String once = StrictJson.read(text.getBytes(UTF_8)).toString();
    assertThat(StrictJson.read(once).toString()).isEqualTo(once);
  }

  /** A number may be refused, but what is taken in must be readable for ever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e2147483647",
        "1e-2147483647",
        "1e-2147483648",
        "10e2147483647",
        "0.1e-2147483647",
        "1e2147483648",
        "1e99999999999999999999",
        "-1e-99999999999999999999",
        "0e99999999999999999999",
        "LONGe5",
        "0.LONG",
        "LONG.5e-7",
        "0.0000LONG"
      })
  void anExtremeNumberIsRefusedOrCanBeReadBack(String template) {
    String text = template.replace("LONG", "7".repeat(990));
    String once;
    try {
      once = StrictJson.read(text.getBytes(UTF_8)).toString();
    } catch (Failure e) {
      assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID);
      return;
    }
    assertThat(StrictJson.read(once).toString()).isEqualTo(once);
  }

  /**
   * Counts bytes and not time: a pointer made for each member would copy the long name each time,
   * 100,000 times half a megabyte.
   */
  @Test
  void aLongNameAboveManyMembersCostsNoMoreThanItsLength() {
    StringBuilder text = new StringBuilder("{\"").append("n".repeat(500_000)).append("\":{");
    for (int i = 0; i < 50_000; i++) {
      text.append(i == 0 ? "" : ",").append("\"m").append(i).append("\":1");
    }
    byte[] bytes = text.append("}}").toString().getBytes(UTF_8);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(StrictJson.read(bytes).size()).isEqualTo(1);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * bytes.length);
  }
}
