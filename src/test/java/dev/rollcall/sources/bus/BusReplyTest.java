package dev.rollcall.sources.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What owners of addresses reply, taken as the answers of sources. */
class BusReplyTest {

  private static final int LIMIT = 1000;
  private static final Duration TIME = Duration.ofMillis(300);

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(new JsonObject().put("a", 1), "{\"a\":1}"),
        Arguments.of(new JsonArray().add(1).addNull(), "[1,null]"),
        Arguments.of("Grüße \"\n", "\"Grüße \\\"\\n\""),
        Arguments.of("{\"a\":1}", "\"{\\\"a\\\":1}\""),
        Arguments.of("", "\"\""),
        Arguments.of(7, "7"),
        Arguments.of(9_007_199_254_740_993L, "9007199254740993"),
        Arguments.of(1.5, "1.5"),
        Arguments.of(true, "true"),
        Arguments.of(null, "null"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void anyJsonValueIsAnAnswer(Object body, String json) {
    SourceReply reply = BusReply.of(body, LIMIT);
    assertThat(reply.ending()).isEqualTo(Ending.OK);
    assertThat(reply.value()).hasToString(json);
    assertThat(reply.detail()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1.50,\"a\":2}", " [1,\t2] ", "null", "1e400", "\"\\ud800\""})
  void bytesAreTakenAsTheyAre(String json) {
    assertThat(BusReply.of(Buffer.buffer(json), LIMIT).value()).hasToString(json);
  }

  @Test
  void lineBreaksBetweenTokensAreSpaces() {
    assertThat(BusReply.of(Buffer.buffer("{\n\"a\":\r\n1}"), LIMIT).value())
        .hasToString("{ \"a\":  1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{}{}", "nul", "NaN", "'a'", "{\"a\":01}", "[1,]", "//x"})
  void bytesThatAreNotJsonAreOfNoUse(String text) {
    SourceReply reply = BusReply.of(Buffer.buffer(text), LIMIT);
    assertThat(reply.ending()).isEqualTo(Ending.REJECTED);
    assertThat(reply.value()).isNull();
    assertThat(reply.detail()).isNotEmpty();
  }

  @Test
  void whatIsTooLargeIsOfNoUse() {
    assertThat(BusReply.of("x".repeat(LIMIT - 2), LIMIT).ending()).isEqualTo(Ending.OK);
    SourceReply large = BusReply.of("x".repeat(LIMIT - 1), LIMIT);
    assertThat(large.ending()).isEqualTo(Ending.REJECTED);
    assertThat(large.detail()).isEqualTo("JSON of more than 1000 bytes");
    assertThat(BusReply.of(Buffer.buffer("[" + " ".repeat(LIMIT) + "]"), LIMIT).ending())
        .isEqualTo(Ending.REJECTED);
  }

  @Test
  void bytesThatAreNoUnicodeAreOfNoUse() {
    Buffer overlong = Buffer.buffer(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
    assertThat(BusReply.of(overlong, LIMIT).ending()).isEqualTo(Ending.REJECTED);
    assertThat(BusReply.of("\ud800", LIMIT).value()).hasToString("\"\\uD800\"");
  }

  static Stream<Object> objects() {
    return Stream.of(
        new Thread("secret"), TIME, 'c', new byte[] {1}, Double.NaN, Float.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @MethodSource("objects")
  void anObjectThatIsNoJsonIsOfNoUse(Object body) {
    SourceReply reply = BusReply.of(body, LIMIT);
    assertThat(reply.ending()).isEqualTo(Ending.REJECTED);
    assertThat(reply.detail()).isEqualTo("the reply is not a JSON value");
  }

  @Test
  void bytesBelongToTheReplyAndNotToWhoeverSentThem() {
    Buffer bytes = Buffer.buffer("[1]");
    SourceReply reply = BusReply.of(bytes, LIMIT);
    bytes.setByte(1, (byte) '2');
    assertThat(reply.value()).hasToString("[1]");
  }

  @ParameterizedTest
  @CsvSource({
    "404, ABSENT",
    "410, ABSENT",
    "429, REFUSED",
    "500, BROKEN",
    "502, BROKEN",
    "503, BROKEN",
    "504, LATE",
    "599, BROKEN",
    "600, REJECTED",
    "422, REJECTED",
    "400, REJECTED",
    "0, REJECTED",
    "-1, REJECTED",
  })
  void aCodeSaysHowItFailed(int code, Ending ending) {
    SourceReply reply =
        BusReply.of(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, code, "secret"), TIME);
    assertThat(reply.ending()).isEqualTo(ending);
    assertThat(reply.detail()).startsWith("code " + code).doesNotContain("secret");
    assertThat(reply.value()).isNull();
  }

  @Test
  void theEventBusSaysThatThereIsNoReply() {
    assertThat(BusReply.of(new ReplyException(ReplyFailure.TIMEOUT, "secret"), TIME))
        .isEqualTo(SourceReply.late("no answer within 300 ms"));
    assertThat(BusReply.of(new ReplyException(ReplyFailure.NO_HANDLERS, "secret"), TIME))
        .isEqualTo(SourceReply.broken("no handler"));
    SourceReply undelivered = SourceReply.broken("the event bus could not deliver");
    assertThat(BusReply.of(new ReplyException(ReplyFailure.ERROR, "secret"), TIME))
        .isEqualTo(undelivered);
    assertThat(BusReply.of(new IllegalStateException("secret"), TIME)).isEqualTo(undelivered);
  }
}
