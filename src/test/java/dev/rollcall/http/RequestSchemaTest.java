package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.NewPassword;
import dev.rollcall.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the document says of request bodies is what the server takes. */
class RequestSchemaTest {

  private final Contract contract = new Contract();

  /** How each kind of body is read for the user 1, and its schema. */
  private enum Way {
    NEW("NewUser") {
      @Override
      void read(String json) {
        DraftReader.create(StrictJson.read(json.getBytes(StandardCharsets.UTF_8)));
      }
    },
    WHOLE("WholeUser") {
      @Override
      void read(String json) {
        DraftReader.replace(StrictJson.read(json.getBytes(StandardCharsets.UTF_8)), 1);
      }
    },
    PATCH("UserPatch") {
      @Override
      void read(String json) {
        DraftReader.patch(StrictJson.read(json.getBytes(StandardCharsets.UTF_8)), 1);
      }
    },
    PASSWORD("NewPassword") {
      @Override
      void read(String json) {
        NewPassword.read(StrictJson.read(json.getBytes(StandardCharsets.UTF_8)));
      }
    },
    GUESS("PasswordGuess") {
      @Override
      void read(String json) {
        NewPassword.readToVerify(StrictJson.read(json.getBytes(StandardCharsets.UTF_8)));
      }
    },
    BATCH("Batch") {
      @Override
      void read(String json) {
        BatchRequest.read(StrictJson.read(json.getBytes(StandardCharsets.UTF_8)));
      }
    };

    private final String schema;

    Way(String schema) {
      this.schema = schema;
    }

    abstract void read(String json);
  }

  static Stream<String> bodies() {
    return Stream.of(
            "{'name':'A'}",
            "{'name':'  A  '}",
            "{'id':1,'name':'A','email':'a@b.org','attributes':{'x':[{}]}}",
            "{'name':'A','email':null,'attributes':null}",
            "{'name':'A','version':1}",
            "{'name':'A','createdAt':'2026-01-01T00:00:00.000Z','updatedAt':null}",
            "{}",
            "{'email':'a@b.org'}",
            "{'attributes':{'x':null}}",
            "{'name':null}",
            "{'name':''}",
            "{'name':' '}",
            "{'name':'\\t\\u2003\\u00a0\\u2007\\u202f\\u3000\\u2028\\u001f'}",
            "{'name':'\\u00a0A\\u2007B\\u202f'}",
            "{'name':'\\u0085'}",
            "{'name':'A\\u0085'}",
            "{'name':'\\u200b'}",
            "{'name':'\\u00a0" + "😀".repeat(200) + "\\u2029'}",
            "{'name':1}",
            "{'name':['A']}",
            "{'name':'A\\u0000'}",
            "{'name':'A\\nB'}",
            "{'name':'A\\u009fB'}",
            "{'name':'\\nA\\n'}",
            "{'name':'" + "x".repeat(200) + "'}",
            "{'name':'" + "x".repeat(201) + "'}",
            "{'name':'" + "😀".repeat(200) + "'}",
            "{'name':'" + "😀".repeat(201) + "'}",
            "{'name':'   " + "x".repeat(200) + "   '}",
            "{'name':'A','id':0}",
            "{'name':'A','id':-1}",
            "{'name':'A','id':1.5}",
            "{'name':'A','id':'1'}",
            "{'name':'A','id':null}",
            "{'name':'A','id':9007199254740992}",
            "{'name':'A','id':1" + "0".repeat(400) + "}",
            "{'name':'A','email':''}",
            "{'name':'A','email':'a'}",
            "{'name':'A','email':'a@b'}",
            "{'name':'A','email':'a@'}",
            "{'name':'A','email':'@b'}",
            "{'name':'A','email':'a b@c'}",
            "{'name':'A','email':'a@b@c'}",
            "{'name':'A','email':'a@b..c'}",
            "{'name':'A','email':'a..b@c'}",
            "{'name':'A','email':'.a@c'}",
            "{'name':'A','email':'a@-c'}",
            "{'name':'A','email':'a@c-'}",
            "{'name':'A','email':'a@[127.0.0.1]'}",
            "{'name':'A','email':'アリス@例え.テスト'}",
            "{'name':'A','email':'a\\u202e@b'}",
            "{'name':'A','email':'" + "x".repeat(64) + "@b'}",
            "{'name':'A','email':'" + "x".repeat(65) + "@b'}",
            "{'name':'A','email':'a@" + "y".repeat(252) + "'}",
            "{'name':'A','email':'a@" + "y".repeat(253) + "'}",
            "{'name':'A','email':1}",
            "{'name':'A','email':[]}",
            "{'name':'A','attributes':[]}",
            "{'name':'A','attributes':'{}'}",
            "{'name':'A','attributes':1}",
            "{'name':'A','phone':'1'}",
            "{'name':'A','Name':'A'}",
            "{'name':'A','seq':1}",
            "{'password':'correct horse'}",
            "{'hash':'$2b$04$'}",
            "{'password':'correct horse','hash':'$2b$04$'}",
            "{'password':'correct horse','hash':null}",
            "{'password':null}",
            "{'password':12345678}",
            "{'password':['correct horse']}",
            "{'password':''}",
            "{'password':'1'}",
            "{'password':'1234567'}",
            "{'password':'12345678'}",
            "{'password':'        '}",
            "{'password':'\\u0000\\n345678'}",
            "{'password':'" + "😀".repeat(7) + "'}",
            "{'password':'" + "😀".repeat(8) + "'}",
            "{'password':'" + "😀".repeat(1024) + "'}",
            "{'password':'" + "😀".repeat(1025) + "'}",
            "{'password':'" + "x".repeat(1024) + "'}",
            "{'password':'" + "x".repeat(1025) + "'}",
            "{'hash':''}",
            "{'hash':1}",
            "{'hash':'" + "x".repeat(1024) + "'}",
            "{'hash':'" + "x".repeat(1025) + "'}",
            "{'password':'correct horse','salt':'x'}",
            "{'ids':[1]}",
            "{'ids':[1,1,9007199254740991],'concurrency':1,'mode':'all'}",
            "{'ids':[1],'concurrency':100}",
            "{'ids':[1],'concurrency':101}",
            "{'ids':[1],'concurrency':0}",
            "{'ids':[1],'concurrency':1.5}",
            "{'ids':[1],'concurrency':'1'}",
            "{'ids':[1],'concurrency':null}",
            "{'ids':[1],'mode':'race'}",
            "{'ids':[1],'mode':null}",
            "{'ids':[1],'mode':1}",
            "{'ids':[1],'view':'profile'}",
            "{'ids':[]}",
            "{'ids':{}}",
            "{'ids':1}",
            "{'ids':null}",
            "{'ids':[0]}",
            "{'ids':[1,1.5]}",
            "{'ids':['1']}",
            "{'ids':[null]}",
            "{'ids':[[1]]}",
            "{'ids':[9007199254740992]}",
            "{'ids':[1" + ",1".repeat(99_999) + "]}",
            "{'ids':[1" + ",1".repeat(100_000) + "]}",
            "[]",
            "null",
            "'A'",
            "1")
        .map(json -> json.replace('\'', '"'));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void theSchemaTakesWhatTheServerTakes(String json) {
    for (Way way : Way.values()) {
      List<String> faults = contract.faults("/components/schemas/" + way.schema, json);
      assertThat(faults.isEmpty())
          .as("%s by the schema: %s; by the server: %s", way.schema, faults, isTaken(way, json))
          .isEqualTo(isTaken(way, json));
    }
  }

  private static boolean isTaken(Way way, String json) {
    try {
      way.read(json);
      return true;
    } catch (Failure refused) {
      assertThat(refused.kind()).isEqualTo(Failure.Kind.INVALID);
      return false;
    }
  }
}
