package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DraftReaderTest {

  private static JsonNode json(String text) {
    return StrictJson.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static UserDraft create(String text) {
    return DraftReader.create(json(text));
  }

  private static List<Fault> faults(String text, Function<JsonNode, ?> reader) {
    JsonNode body = json(text);
    Failure failure = catchThrowableOfType(Failure.class, () -> reader.apply(body));
    assertThat(failure).as("a refusal of %s", text).isNotNull();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
    return failure.faults();
  }

  private static List<String> pointers(String text, Function<JsonNode, ?> reader) {
    return faults(text, reader).stream().map(Fault::pointer).toList();
  }

  private static UserDraft put(JsonNode body) {
    return DraftReader.replace(body, 42);
  }

  private static UserDraft.Patch patch(JsonNode body) {
    return DraftReader.patch(body, 42);
  }

  @Test
  void readsAllMembers() {
    assertThat(create("{'id':42,'name':' A ','email':'a@x.org','attributes':{'a':[1,null]}}"))
        .isEqualTo(new UserDraft(42L, "A", "a@x.org", "{\"a\":[1,null]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'name':'A'}", "{'name':'A','email':null}", "{'name':'A','attributes':null}"})
  void whatIsLeftOutIsNullOrEmpty(String text) {
    assertThat(create(text)).isEqualTo(new UserDraft(null, "A", null, "{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "42", "9007199254740991", "4503599627370496"})
  void takesIdsWithinTheRange(String id) {
    assertThat(create("{'id':%s,'name':'A'}".formatted(id)).id()).isEqualTo(Long.valueOf(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7.0", "7e0", "7E+0", "0.7e1", "70e-1", "7.000", "700000000000000000e-17"})
  void takesAnIdHoweverItIsWritten(String id) {
    String text = "{'id':%s,'name':'A'}".formatted(id);
    assertThat(create(text).id()).isEqualTo(7);
    assertThat(create("{'id':9007199254740991.0,'name':'A'}").id()).isEqualTo(9007199254740991L);
    assertThat(create("{'id':9.007199254740991e15,'name':'A'}").id()).isEqualTo(9007199254740991L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-1",
        "9007199254740992",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551617",
        "1.5",
        "0.0",
        "-0.0",
        "7.5",
        "7.0000000000000001",
        "75e-1",
        "9007199254740992.0",
        "9007199254740991.5",
        "0e999999999",
        "1e400",
        "1e999999999",
        "1e-999999999",
        "'1'",
        "''",
        "null",
        "true",
        "[1]",
        "{}"
      })
  void refusesOtherIds(String id) {
    String text = "{'id':%s,'name':'A'}".formatted(id);
    assertThat(pointers(text, DraftReader::create)).containsExactly("/id");
    assertThat(pointers(text, DraftReader::line)).containsExactly("/id");
    assertThat(pointers(text, DraftReaderTest::put)).containsExactly("/id");
    assertThat(pointers(text, DraftReaderTest::patch)).containsExactly("/id");
  }

  @Test
  void refusesAnIdOfTenToTheFourHundredWrittenOut() {
    String text = "{'id':1%s,'name':'A'}".formatted("0".repeat(400));
    assertThat(pointers(text, DraftReader::create)).containsExactly("/id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "''",
        "' '",
        "'\\t\\r\\n'",
        "'\\u00a0'",
        "'\\u2007\\u202f'",
        "'\\u3000'",
        "'\\u2003 \\u2028\\u2029'",
        "'a\\u0000b'",
        "'a\\nb'",
        "'a\\u0085b'",
        "'a\\u007f'",
        "null",
        "1",
        "true",
        "['A']",
        "{}"
      })
  void refusesBadNames(String name) {
    String text = "{'name':%s}".formatted(name);
    assertThat(pointers(text, DraftReader::create)).containsExactly("/name");
    assertThat(pointers(text, DraftReaderTest::put)).containsExactly("/name");
    assertThat(pointers(text, DraftReader::line)).containsExactly("/name");
    assertThat(pointers(text, DraftReaderTest::patch)).containsExactly("/name");
  }

  @ParameterizedTest
  @CsvSource({
    "' Alice ', Alice",
    "'\\t\\nAlice\\r', Alice",
    "'\\u00a0Al ice\\u3000', Al ice",
    "'\\u2003田中\\u202f', 田中",
    "'e\\u0301', e\u0301"
  })
  void storesNamesTrimmedAndOtherwiseAsGiven(String escaped, String name) {
    assertThat(DraftReader.create(StrictJson.read("{\"name\":\"" + escaped + "\"}")).name())
        .isEqualTo(name);
  }

  @Test
  void measuresANameWithoutTheSpaceAroundIt() {
    String name = "😀".repeat(200);
    assertThat(create("{'name':'   %s   '}".formatted(name)).name()).isEqualTo(name);
    assertThat(pointers("{'name':'%s'}".formatted(name + "x"), DraftReader::create))
        .containsExactly("/name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "'a'", "'a@'", "' a@x.org'", "1", "false", "[]", "{}", "'a@b\\n'"})
  void refusesBadAddresses(String email) {
    String text = "{'name':'A','email':%s}".formatted(email);
    assertThat(pointers(text, DraftReader::create)).containsExactly("/email");
    assertThat(pointers(text, DraftReaderTest::patch)).containsExactly("/email");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "''", "true", "'{}'"})
  void refusesAttributesThatAreNoObject(String attributes) {
    String text = "{'name':'A','attributes':%s}".formatted(attributes);
    assertThat(pointers(text, DraftReader::create)).containsExactly("/attributes");
    assertThat(pointers(text, DraftReaderTest::patch)).containsExactly("/attributes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "1", "'A'", "true", "[{'name':'A'}]"})
  void refusesABodyThatIsNoObject(String text) {
    assertThat(pointers(text, DraftReader::create)).containsExactly("");
    assertThat(pointers(text, DraftReaderTest::put)).containsExactly("");
    assertThat(pointers(text, DraftReaderTest::patch)).containsExactly("");
    assertThat(pointers(text, DraftReader::line)).containsExactly("");
  }

  @Test
  void reportsAllFaultsAtOnce() {
    assertThat(
            pointers(
                "{'id':0,'name':'','email':'x','attributes':[],'a/b~c':1,'Name':'A'}",
                DraftReader::create))
        .containsExactlyInAnyOrder("/id", "/name", "/email", "/attributes", "/a~1b~0c", "/Name");
  }

  @Test
  void aPutTakesBackWhatWasRead() {
    String read =
        "{'id':42,'name':'A','email':null,'attributes':{},'version':1,"
            + "'createdAt':'2026-01-01T00:00:00.000Z','updatedAt':'2026-01-01T00:00:00.000Z'}";
    assertThat(put(json(read)).name()).isEqualTo("A");
    assertThat(DraftReader.line(json(read)).id()).isEqualTo(42);
    assertThat(put(json("{'name':'A','version':{'any':'thing'}}")).name()).isEqualTo("A");
    assertThat(pointers(read, DraftReader::create))
        .containsExactlyInAnyOrder("/version", "/createdAt", "/updatedAt");
    assertThat(pointers(read, DraftReaderTest::patch))
        .containsExactlyInAnyOrder("/version", "/createdAt", "/updatedAt");
  }

  @Test
  void aPutRefusesAnotherId() {
    assertThat(put(json("{'name':'A'}")).name()).isEqualTo("A");
    assertThat(pointers("{'id':43,'name':'A'}", DraftReaderTest::put)).containsExactly("/id");
  }

  @Test
  void aPatchMayNameAnythingOrNothing() {
    assertThat(patch(json("{}"))).isEqualTo(new UserDraft.Patch(null, null, false, null));
    assertThat(patch(json("{'id':42,'email':null}")))
        .isEqualTo(new UserDraft.Patch(null, null, true, null));
    assertThat(patch(json("{'name':' B '}")).name()).isEqualTo("B");
    assertThat(pointers("{'id':43}", DraftReaderTest::patch)).containsExactly("/id");
    assertThat(pointers("{'name':null}", DraftReaderTest::patch)).containsExactly("/name");
    assertThat(pointers("{'nam':'A'}", DraftReaderTest::patch)).containsExactly("/nam");
  }

  @Test
  void aMillionUnknownMembersGiveABoundedNumberOfFaults() {
    StringBuilder text = new StringBuilder("{'name':''");
    for (int i = 0; i < 1_000_000; i++) {
      text.append(",'m").append(i).append("':0");
    }
    assertThat(faults(text.append('}').toString(), DraftReader::create)).hasSizeLessThan(100);
  }

  @Test
  void attributesOfTheGreatestDepthCanBeWrittenAndReadBack() {
    String deep = "{'a':".repeat(199) + "1" + "}".repeat(199);
    UserDraft draft = create("{'name':'A','attributes':" + deep + "}");
    assertThat(StrictJson.read(draft.attributes())).isEqualTo(json(deep));
  }
}
