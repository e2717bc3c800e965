package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonParser;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JSON in pieces: what is valid passes byte for byte, wherever it was cut, and nothing else does.
 */
class JsonIntakeTest {

  private static final int LIMIT = 1 << 20;

  private static Buffer taken(byte[] text, int... cuts) {
    try (JsonIntake intake = new JsonIntake(LIMIT)) {
      int from = 0;
      for (int cut : cuts) {
        intake.offer(Buffer.buffer(text).slice(from, cut));
        from = cut;
      }
      intake.offer(Buffer.buffer(text).slice(from, text.length));
      return intake.end();
    }
  }

  /** Written as Latin-1 with bytes above ASCII as {@code <c3a9>}. */
  private static byte[] bytes(String text) {
    Buffer bytes = Buffer.buffer();
    int from = 0;
    while (from < text.length()) {
      int hex = text.indexOf('<', from);
      bytes.appendString(text.substring(from, hex < 0 ? text.length() : hex));
      int end = text.indexOf('>', from);
      if (hex >= 0) {
        bytes.appendBytes(HexFormat.of().parseHex(text.substring(hex + 1, end)));
      }
      from = hex < 0 ? text.length() : end + 1;
    }
    return bytes.getBytes();
  }

  static Stream<String> valid() {
    return Stream.of(
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "42",
        "  42  ",
        "1.50",
        "1E400",
        "-12.5e-3",
        "123456789012345678901234567890.000000000000000000001",
        "\"\"",
        "\"a\\u00e9\\n\\\"\\\\\\/\\b\\f\\t\"",
        "\"\\ud800\"",
        "\"<c3a9> <e282ac> <f09f9880>\"",
        "{\"a\":[1,2,{\"b\":null}],\"c\":\"<f48fbfbf>\"}",
        "{\"a\":1,\"a\":2}",
        "[[[[[[]]]]]]",
        "{\"\":{\"\":\"\"}}",
        "{\"<e282ac>uro<f09f9880>name that is longer than sixteen bytes\":1}",
        "\t[ 1 ,\t2 ]\t",
        "\"\u007f\"");
  }

  static Stream<String> invalid() {
    return Stream.of(
        "",
        "   ",
        "{",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"a\":1, \t}",
        "{\"a\":1,,\"b\":2}",
        "[1,,2]",
        "[,1]",
        "{,}",
        "{\"a\"::1}",
        "[{\"a\":[],\n }]",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{1:1}",
        "}",
        "]",
        "[}",
        "{]",
        ",",
        ":",
        "\"",
        "\"abc",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"<00>\"",
        "<00>",
        "tru",
        "truee",
        "nul",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "-",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x10",
        "1_000",
        "1 2",
        "{}{}",
        "{} {}",
        "[] 1",
        "1,2",
        "\"a\"\"b\"",
        "null null",
        "// c\n1",
        "/* c */1",
        "# c\n1",
        "1 // c",
        // Overlong forms of "/" and of NUL, a surrogate, beyond Unicode, a lone and a cut tail.
        "\"<c0af>\"",
        "\"<e080af>\"",
        "\"<f08080af>\"",
        "\"<c080>\"",
        "\"<eda080>\"",
        "\"<f4908080>\"",
        "\"<80>\"",
        "\"<c3>\"",
        "\"<e282>\"",
        "\"<ff>\"",
        "\"<fe>\"",
        "{\"<c0af>\":1}",
        "{\"<eda080>\":1}",
        // UTF-16, a second and a cut byte order mark, and one that is not in front.
        "<feff005b005d>",
        "<efbbbfefbbbf>1",
        "<efbb>1",
        "<ef>",
        "<efbbbf>",
        "1<efbbbf>",
        " <efbbbf>1",
        "<c2a0>1");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takesWhatIsValidHoweverItIsCut(String text) {
    byte[] whole = bytes(text);
    assertThat(taken(whole).getBytes()).isEqualTo(whole);
    for (int cut = 0; cut <= whole.length; cut++) {
      assertThat(taken(whole, cut).getBytes()).isEqualTo(whole);
    }
    assertThat(taken(whole, eachByte(whole)).getBytes()).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesAllElseHoweverItIsCut(String text) {
    byte[] whole = bytes(text);
    for (int cut = 0; cut <= whole.length; cut++) {
      int at = cut;
      assertThatThrownBy(() -> taken(whole, at))
          .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    }
    assertThatThrownBy(() -> taken(whole, eachByte(whole))).isInstanceOf(Failure.class);
  }

  /** Random damage to valid JSON: in pieces it is judged as it is in one. */
  @Test
  void judgesPiecesAsAParserThatHasTheWholeDoes() {
    Random random = new Random(20);
    String[] parts = {
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\"",
      "\\",
      "1",
      "0",
      "-",
      ".",
      "e",
      "true",
      "null",
      " ",
      "\n",
      "\"a\":",
      "\"b\",",
      "\\u00e9",
      "\u00e9",
      "\ud83d\ude00",
      "\u0001",
      "/",
      "#",
      "'"
    };
    String[] sound = {
      "{\"a\":[1,-2.5e3,true],\"b\":{\"c\":null}}", "[[],{},\"x\\n\u00e9\",0]", " {\"k\" : \"v\" } "
    };
    int valid = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(sound[random.nextInt(sound.length)]);
      for (int damage = random.nextInt(3); damage > 0; damage--) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(3));
        text.replace(at, end, parts[random.nextInt(parts.length)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      int[] cuts = random.ints(random.nextInt(4), 0, bytes.length + 1).sorted().toArray();
      boolean expected = isJson(bytes);
      valid += expected ? 1 : 0;
      assertThat(isTaken(bytes, cuts)).as("%s cut at %s", text, cuts).isEqualTo(expected);
      assertThat(isTaken(bytes, eachByte(bytes))).as("%s byte by byte", text).isEqualTo(expected);
    }
    assertThat(valid).isBetween(5_000, 15_000);
  }

  private static boolean isJson(byte[] text) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(text)) {
      int roots = 0;
      while (parser.nextToken() != null) {
        roots += parser.getParsingContext().inRoot() ? 1 : 0;
      }
      return roots == 1;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isTaken(byte[] text, int... cuts) {
    try {
      taken(text, cuts);
      return true;
    } catch (Failure e) {
      return false;
    }
  }

  private static int[] eachByte(byte[] text) {
    int[] cuts = new int[text.length];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = i;
    }
    return cuts;
  }

  @TestFactory
  Stream<DynamicTest> stripsTheMarkInFront() {
    byte[] marked = bytes("<efbbbf>{\"a\":1}");
    return Stream.iterate(0, cut -> cut <= marked.length, cut -> cut + 1)
        .map(
            cut ->
                dynamicTest(
                    "cut at " + cut,
                    () -> assertThat(taken(marked, cut)).hasToString("{\"a\":1}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\n  \"a\": 1,\r\n\"b\":[\r\n\n]}\n", "\r1\n", "[\n\"\\n\"\n]"})
  void makesSpacesOfLineBreaksAndLeavesTheRest(String text) {
    assertThat(taken(text.getBytes(StandardCharsets.US_ASCII)))
        .hasToString(text.replace('\r', ' ').replace('\n', ' '));
  }

  @Test
  void allowsTheDepthOfTwoHundred() {
    assertThat(taken(bytes("[".repeat(200) + "]".repeat(200))).length()).isEqualTo(400);
    assertThatThrownBy(() -> taken(bytes("[".repeat(201) + "]".repeat(201))))
        .hasMessageContaining("deeper than 200");
    assertThatThrownBy(() -> taken(bytes("{\"a\":".repeat(201) + "1" + "}".repeat(201))))
        .hasMessageContaining("deeper than 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "{\"a\":"})
  void allowsNumbersOfAThousandCharacters(String before) {
    String after = Map.of("", "", "[", "]", "{\"a\":", "}").getOrDefault(before, "");
    byte[] longest = bytes(before + "1".repeat(1000) + after);
    assertThat(taken(longest, longest.length / 2).getBytes()).isEqualTo(longest);
    assertThatThrownBy(() -> taken(bytes(before + "1".repeat(1001) + after)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("more than 1000 characters");
  }

  @Test
  void allowsNamesAndTextAsLongAsTheWhole() {
    byte[] text = bytes("{\"" + "n".repeat(200_000) + "\":\"" + "t".repeat(200_000) + "\"}");
    assertThat(taken(text, 100_000, 300_000).getBytes()).isEqualTo(text);
  }

  @Test
  void refusesOneByteMoreThanTheLimit() {
    try (JsonIntake intake = new JsonIntake(4)) {
      intake.offer(Buffer.buffer("\"a"));
      intake.offer(Buffer.buffer("b\""));
      assertThat(intake.end()).hasToString("\"ab\"");
    }
    try (JsonIntake intake = new JsonIntake(4)) {
      intake.offer(Buffer.buffer("\"ab\""));
      assertThatThrownBy(() -> intake.offer(Buffer.buffer(" ")))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE));
    }
  }

  @Test
  void namesNothingOfTheInput() {
    assertThatThrownBy(() -> taken(bytes("{\"secret\":token}")))
        .message()
        .doesNotContain("secret", "token")
        .contains("byte 1");
  }

  @Test
  void refusesNamesThatWereChosenToCollideOrTakesThemInReasonableTime() {
    StringBuilder names = new StringBuilder("{");
    for (int i = 0; i < 1 << 14; i++) {
      names.append('"');
      for (int bit = 0; bit < 14; bit++) {
        names.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      names.append("\":1,");
    }
    byte[] text = bytes(names.append("\"\":1}").toString());
    long start = System.nanoTime();
    try {
      assertThat(taken(text).length()).isEqualTo(text.length);
    } catch (Failure e) {
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
    }
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }

  @Test
  void doesNotKeepMuchMoreThanTheValue() {
    byte[] text = bytes("\"" + "x".repeat(70_000) + "\"");
    Random random = new Random(1);
    int[] cuts = random.ints(40, 0, text.length).sorted().toArray();
    assertThat(taken(text, cuts).getBytes()).isEqualTo(text);
  }

  @Test
  void canBeClosedMidwayAndTwice() {
    JsonIntake intake = new JsonIntake(100);
    intake.offer(Buffer.buffer("{\"a\":"));
    intake.close();
    intake.close();
    assertThat(JsonIntake.read(Buffer.buffer("[1]"), 3)).hasToString("[1]");
  }
}
