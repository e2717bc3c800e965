package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(received.getMap()).isEqualTo(read.getMap());
    assertThat(received.getMap().keySet()).containsExactlyElementsOf(read.getMap().keySet());
    assertThat(received.encode()).isEqualTo(read.encode());
  }

  @Test
  void eachReceiverHasAMessageOfItsOwn() {
    JsonObject message = UserSchema.message(user(1, "a@example.org", "{\"team\":\"blue\"}"));
    message.copy().getJsonObject("attributes").put("team", "red");
    assertThat(message.copy().getJsonObject("attributes").getString("team")).isEqualTo("blue");
    assertThat(message.getString("updatedAt")).isEqualTo("9999-12-31T23:59:59.999Z");
  }
}
