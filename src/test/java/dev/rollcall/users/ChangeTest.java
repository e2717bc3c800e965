package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeTest {
  private static String json(@Nullable String user, @Nullable String by) {
    return new Change(7, Change.Kind.UPDATED, 1, 2, Instant.EPOCH, user, by).json().toString();
  }

  @Test
  void itsJsonSaysWhoMadeIt() {
    assertThat(json("{\"id\":1}", "key:7"))
        .isEqualTo(
            "{\"seq\":7,\"kind\":\"updated\",\"id\":1,\"version\":2,"
                + "\"at\":\"1970-01-01T00:00:00.000Z\",\"user\":{\"id\":1},\"by\":\"key:7\"}");
  }

  @Test
  void nobodyIsNull() {
    assertThat(json(null, null)).endsWith(",\"user\":null,\"by\":null}");
  }

  @Test
  void aNameOfAnyCharactersIsOneStringOfOneLine() {
    assertThat(json(null, "issuer:corp:\"}\n\u2028\u20ac"))
        .endsWith("\"by\":\"issuer:corp:\\\"}\\n\u2028\u20ac\"}");
  }
}
