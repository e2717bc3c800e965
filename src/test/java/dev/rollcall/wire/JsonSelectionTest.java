package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.base.Failure;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSelectionTest {

  private static final int LIMIT = 1 << 20;

  /** Fields as {@code name=step step, …}. */
  private static JsonSelection selection(String fields) {
    Map<String, List<String>> paths = new LinkedHashMap<>();
    for (String field : fields.split(", *", -1)) {
      String[] parts = field.split("=", 2);
      paths.put(parts[0], List.of(parts[1].strip().split(" ", -1)));
    }
    return new JsonSelection(paths);
  }

  private static String select(String json, String fields) {
    Buffer text = JsonIntake.read(Buffer.buffer(json), LIMIT);
    return selection(fields).select(text, LIMIT).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a=x      | {\"x\":1.50e+3,\"y\":2}                  | {\"a\":1.50e+3}",
        "a=x      | {\"x\":-0,\"x2\":1}                      | {\"a\":-0}",
        "a=x      | {\"x\":12345678901234567890.1234567890}  |"
            + " {\"a\":12345678901234567890.1234567890}",
        "a=x      | {\"x\":\"\\u00e9\\/\\n\"}                | {\"a\":\"\\u00e9\\/\\n\"}",
        "a=x      | {\"x\":\"é😀\",\"z\":1}                  | {\"a\":\"é😀\"}",
        "a=x      | {\"x\":\"\"}                             | {\"a\":\"\"}",
        "a=x      | {\"x\":null}                             | {\"a\":null}",
        "a=x, b=y | {\"y\":true,\"x\":false}                 | {\"a\":false,\"b\":true}",
        "a=x      | {\"x\":{\"p\" : [ 1 , 2 ]}}              | {\"a\":{\"p\" : [ 1 , 2 ]}}",
        "a=x      | {\"\\u0078\":1}                          | {\"a\":1}",
        "a=é      | {\"é\":1}                                | {\"a\":1}",
        "a=x y    | {\"x\":{\"y\":1},\"y\":2}                | {\"a\":1}",
        "a=x y    | {\"x\":[{\"y\":1}]}                      | {}",
        "a=x y    | {\"x\":null}                             | {}",
        "a=x y    | {\"x\":\"y\"}                            | {}",
        "a=x y    | [1]                                      | {}",
        "a=x      | \"x\"                                    | {}",
        "a=x      | 5                                        | {}",
        "a=0      | [7,8]                                    | {\"a\":7}",
        "a=1 0    | [7,[8]]                                  | {\"a\":8}",
        "a=2      | [7,8]                                    | {}",
        "a=0      | {\"0\":7}                                | {\"a\":7}",
        "a=01     | [7,8]                                    | {\"a\":8}",
        "a=9999999999 | [7]                                  | {}",
        "a=x, b=x y   | {\"x\":{\"y\":1}}                    | {\"a\":{\"y\":1},\"b\":1}",
        "a=x, b=x     | {\"x\":1}                            | {\"a\":1,\"b\":1}",
        "a=[]         | [1,\"2\",null]                       | {\"a\":[1,\"2\",null]}",
        "a=[]         | []                                   | {\"a\":[]}",
        "a=[]         | {}                                   | {}",
        "a=x [] n     | {\"x\":[{\"n\":1},{},{\"n\":[2]}]}   | {\"a\":[1,[2]]}",
        "a=x [] n     | {\"x\":[{},3]}                       | {\"a\":[]}",
        "a=x [] n     | {\"x\":[]}                           | {\"a\":[]}",
        "a=x [] n     | {\"x\":{\"n\":1}}                    | {}",
        "a=x [] n     | {\"x\":null}                         | {}",
        "a=x [] y [] n| {\"x\":[{\"y\":[{\"n\":1},{\"n\":2}]},{\"y\":[{\"n\":3}]}]} |"
            + " {\"a\":[1,2,3]}",
        "a=[] []      | [[1,2],3,[[4]]]                      | {\"a\":[1,2,[4]]}",
        "a=[] 0       | [[1,2],[3]]                          | {\"a\":[1,3]}",
        "a=0 n, b=[] n| [{\"n\":1},{\"n\":2}]                | {\"a\":1,\"b\":[1,2]}",
        "a=0, b=[], c=1 n | [1,{\"n\":2}]                    |"
            + " {\"a\":1,\"b\":[1,{\"n\":2}],\"c\":2}",
      })
  void eachFieldIsTheBytesThatStandThere(String fields, String json, String selected) {
    assertThat(select(json, fields)).isEqualTo(selected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a=x      | {\"x\":1,\"x\":2}                                | {\"a\":2}",
        "a=x y    | {\"x\":{\"y\":1},\"x\":{}}                       | {}",
        "a=x y    | {\"x\":{\"y\":1},\"x\":5}                        | {}",
        "a=x [] n | {\"x\":[{\"n\":1,\"n\":2}]}                      | {\"a\":[2]}",
        "a=x [] n | {\"x\":[{\"n\":1},{\"n\":2,\"n\":3}]}            | {\"a\":[1,3]}",
        "a=x [] n | {\"x\":[{\"n\":1}],\"x\":null}                   | {}",
        "a=x [] n | {\"x\":[{\"n\":1}],\"x\":[]}                     | {\"a\":[]}",
        "a=[] m n | [{\"m\":{\"n\":1}},{\"m\":{\"n\":2},\"m\":{}}]   | {\"a\":[1]}",
        "a=[] m n, b=[] m | [{\"m\":1,\"m\":{\"n\":2},\"m\":3}]      | {\"a\":[],\"b\":[3]}",
      })
  void theLastOfTwoMembersOfOneNameCounts(String fields, String json, String selected) {
    assertThat(select(json, fields)).isEqualTo(selected);
  }

  @Test
  void namesAreWrittenAsJson() {
    assertThat(select("{\"x\":1}", "\"q\\=x")).isEqualTo("{\"\\\"q\\\\\":1}");
  }

  @Test
  void anAnswerThatIsPartOfALargerBufferIsRead() {
    Buffer all = Buffer.buffer("[]{\"x\":[1, 2 ]}[]");
    assertThat(selection("a=x").select(all.slice(2, 14), LIMIT)).hasToString("{\"a\":[1, 2 ]}");
  }

  @Test
  void whatIsSelectedManyTimesIsBounded() {
    String many = "[" + "1,".repeat(999) + "1]";
    String fields =
        IntStream.range(0, 64).mapToObj(i -> "f" + i + "=[]").collect(Collectors.joining(","));
    JsonSelection selection = selection(fields);
    assertThat(selection.select(Buffer.buffer(many), 128_000).length()).isGreaterThan(128_000);
    assertThatThrownBy(() -> selection.select(Buffer.buffer(many), 127_999))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("fields of more than 127999 bytes");
  }

  @Test
  void manyMembersOfOneNameAreReadInOnePass() {
    String json = "{" + "\"x\":[1],".repeat(100_000) + "\"x\":[2]}";
    assertThat(select(json, "a=x []")).isEqualTo("{\"a\":[2]}");
  }

  /** Random answers, against a tree. */
  @Test
  void itFindsWhatATreeHas() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Random random = new Random(21);
    JsonSelection selection = selection("p=a b, q=b, r=a [] b, s=[] a, t=0 a, u=a 1");
    for (int i = 0; i < 2000; i++) {
      JsonNode tree = mapper.readTree(value(random, 0));
      JsonNode selected =
          mapper.readTree(selection.select(Buffer.buffer(tree.toString()), LIMIT).getBytes());
      assertThat(selected.path("p")).isEqualTo(tree.path("a").path("b"));
      assertThat(selected.path("q")).isEqualTo(tree.path("b"));
      assertThat(selected.path("t"))
          .isEqualTo((tree.isArray() ? tree.path(0) : tree.path("0")).path("a"));
      assertThat(selected.path("u")).isEqualTo(tree.path("a").path(1));
      assertThat(selected.path("r")).isEqualTo(each(mapper, tree.path("a"), "b"));
      assertThat(selected.path("s")).isEqualTo(each(mapper, tree, "a"));
    }
  }

  private static JsonNode each(ObjectMapper mapper, JsonNode list, String member) {
    if (!list.isArray()) {
      return mapper.missingNode();
    }
    var found = mapper.createArrayNode();
    for (JsonNode element : list) {
      if (element.has(member)) {
        found.add(element.get(member));
      }
    }
    return found;
  }

  private static String value(Random random, int depth) {
    return switch (depth == 4 ? random.nextInt(2) : random.nextInt(6)) {
      case 0 -> Integer.toString(random.nextInt(100));
      case 1 -> "\"é\"";
      case 2, 3 ->
          IntStream.range(0, random.nextInt(4))
              .mapToObj(i -> value(random, depth + 1))
              .collect(Collectors.joining(",", "[", "]"));
      default ->
          Arrays.stream(new String[] {"a", "b", "c"})
              .filter(name -> random.nextBoolean())
              .map(name -> "\"" + name + "\":" + value(random, depth + 1))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }
}
