package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single values are found in JSON by names and indexes. */
class JsonTextTest {

  private static final Buffer JSON =
      Buffer.buffer(
          """
          {"skipped":{"id":"wrong","list":[{"id":"wrong"}]},
           "id":7,"id":8,"text":"a\\"\\u00e9\\n","long":123456789012345678901234567890.10,
           "minus":-0,"big":1E400,"yes":true,"no":false,"none":null,"":"empty",
           "list":[10,[20,21],{"id":"in"},"last"],"0":"member","a.b":"dot",
           "deep":{"er":{"est":[[["found"]]]}}}
          """);

  @ParameterizedTest
  @CsvSource({
    "id,8",
    "long,123456789012345678901234567890.10",
    "minus,-0",
    "big,1E400",
    "yes,true",
    "no,false",
    "list/0,10",
    "list/1/1,21",
    "list/2/id,in",
    "list/3,last",
    "0,member",
    "a.b,dot",
    "deep/er/est/0/0/0,found",
    "skipped/id,wrong"
  })
  void findsTextNumbersAndBooleans(String path, String text) {
    assertThat(JsonText.at(JSON, List.of(path.split("/", -1)))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "missing",
    "none",
    "list",
    "deep",
    "list/4",
    "list/-1",
    "list/01x",
    "list/99999999999999999999",
    "list/first",
    "id/0",
    "text/0",
    "none/a",
    "deep/est"
  })
  void findsNothingElse(String path) {
    assertThat(JsonText.at(JSON, List.of(path.split("/", -1)))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"b\":1},\"a\":{\"b\":2}}                    | a/b   | 2",
        "{\"a\":{\"b\":1,\"b\":2,\"c\":3},\"d\":{\"b\":4}}       | a/b   | 2",
        "{\"a\":[{\"b\":1,\"b\":2},3],\"a\":[{\"b\":5,\"b\":6}]} | a/0/b | 6",
        "{\"a\":1,\"\\u0061\":2}                           | a     | 2",
        "{\"a\":{\"b\":1},\"a\":5}                          | a/b   |",
        "{\"a\":1,\"a\":null}                               | a     |",
        "{\"a\":1,\"a\":[1]}                                | a     |",
      })
  void takesTheLastOfMembersOfOneName(String json, String path, String text) {
    assertThat(JsonText.at(Buffer.buffer(json), List.of(path.split("/", -1)))).isEqualTo(text);
  }

  @Test
  void unescapesText() {
    assertThat(JsonText.at(JSON, List.of("text"))).isEqualTo("a\"\u00e9\n");
  }

  @Test
  void findsMembersWithoutAName() {
    assertThat(JsonText.at(JSON, List.of(""))).isEqualTo("empty");
  }

  @Test
  void takesTheWholeForAnEmptyPath() {
    assertThat(JsonText.at(Buffer.buffer("\"whole\""), List.of())).isEqualTo("whole");
    assertThat(JsonText.at(Buffer.buffer("{}"), List.of())).isNull();
    assertThat(JsonText.at(Buffer.buffer("null"), List.of("a"))).isNull();
  }

  @Test
  void shouldNotBeAskedAboutWhatIsNotJson() {
    assertThatThrownBy(() -> JsonText.at(Buffer.buffer("{\"a\" 1"), List.of("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "{\"a\":\"found\"}                              | found",
        "{ \"b\" : [{\"a\":\"no\"},\"]\"] , \"a\" : \"x\\\"y\" }  | x\"y",
        "{\"b\":{\"a\":\"no\"},\"\\u0061\":\"escaped\"}     | escaped",
        "{\"b\":\"\\\\\",\"c\":1e9,\"a\":\"behind\"          | behind",
        "{\"a\":7}                                    | none",
        "{\"b\":\"a\"}                                | none",
        "{\"b\":{\"a\":\"no\"}}                         | none",
        "[\"a\",\"no\"]                               | none",
        "\"a\"                                        | none",
        "{\"a\" \"no\"}                               | none",
        "{\"a\":                                      | none",
        "{\"a\":\"no                                   | none",
        "{\"a\":\"\\u00\"}                              | none",
        "{\"b\":[[[                                   | none",
        "{                                            | none",
        "''                                           | none",
      })
  void seesAMemberAtAGlance(String text, String found) {
    assertThat(JsonText.glance(Buffer.buffer(text), "a")).isEqualTo(found);
  }
}
