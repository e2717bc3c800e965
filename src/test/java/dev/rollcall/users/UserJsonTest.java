package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.sources.UrlTemplate;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserJsonTest {

  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private static User user(long id, String email, String attributes) {
    return User.of(id, "Ünï \"Q\" \\ 🦉", email, attributes, id, FIRST, LAST, 7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | a@example.org | {}",
        "2147483647 | | {\"a\":[1,2.5,{\"b\":null}],\"c\":\"\\u00e9\"}",
        "2147483648 | é@example.org | {\"big\":12345678901234567890,\"deep\":{\"deep\":{}}}",
        "9007199254740991 | | {\"\":true}",
      })
  void aMessageHasTheMembersThatItsTextHas(long id, String email, String attributes) {
    User user = user(id, email, attributes);
    JsonObject read = new JsonObject(user.json().toString());
    JsonObject received = UserSchema.message(user).copy();
    assertThat(UserSchema.message(user.compact()).copy()).isEqualTo(received);
    assertThat(received.getMap()).isEqualTo(read.getMap());
    assertThat(received.getMap().keySet()).containsExactlyElementsOf(read.getMap().keySet());
    assertThat(received.encode()).isEqualTo(read.encode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A | a@example.org | {}",
        "\",\"email\":\" | | {\"version\":[1,{\"updatedAt\":\"x\"}]}",
        "\\ | \\\"\\@example.org | {\"a\":\",\\\"version\\\":7\"}",
        "ü🦉 | é@example.org | {\"\u2028\":1}",
        "null | null | {\"email\":null}",
      })
  void aCompactUserFindsItsPartsInItsJson(String name, String email, String attributes) {
    Instant later = Instant.ofEpochMilli(1_798_761_600_007L);
    User whole = User.of(User.MAX_ID, name, email, attributes, 42, FIRST, later, 7);
    User compact = whole.compact();
    assertThat(compact).isNotSameAs(whole).isEqualTo(whole);
    assertThat(compact.compact()).isSameAs(compact);
    assertThat(compact)
        .returns(User.MAX_ID, User::id)
        .returns(name, User::name)
        .returns(email, User::email)
        .returns(attributes, User::attributes)
        .returns(42L, User::version)
        .returns(FIRST, User::createdAt)
        .returns(later, User::updatedAt)
        .returns(7L, User::seq);
    assertThat(compact.length()).isEqualTo(compact.json().length());
  }

  @Test
  void aUserNamesNobodyInALog() {
    assertThat(user(5, "a@example.org", "{}")).hasToString("user 5, seq 7");
  }

  @Test
  void eachReceiverHasAMessageOfItsOwn() {
    JsonObject message = UserSchema.message(user(1, "a@example.org", "{\"team\":\"blue\"}"));
    message.copy().getJsonObject("attributes").put("team", "red");
    assertThat(message.copy().getJsonObject("attributes").getString("team")).isEqualTo("blue");
    assertThat(message.getString("updatedAt")).isEqualTo("9999-12-31T23:59:59.999Z");
  }

  @Test
  void everyMemberMayStandInTheUrlOfASource() {
    for (String member : new JsonObject(user(1, "", "{}").json().toString()).fieldNames()) {
      String path = member.equals("attributes") ? member + ".team" : member;
      assertThat(UrlTemplate.parse("http://host/{user." + path + "}").variables())
          .as("config.sources.Variables knows %s", member)
          .containsExactly("user." + path);
    }
  }
}
