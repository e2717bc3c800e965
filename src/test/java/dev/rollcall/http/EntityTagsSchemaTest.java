package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.users.EntityTags;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pattern that the document gives for If-Match and If-None-Match. */
class EntityTagsSchemaTest {

  private static final long SEED = 20261128;
  private static final String[] PARTS = {
    "\"", "\"", "\"7\"", "W/\"7\"", "*", ",", ", ", " ", "\t", "W/", "a", "!", "~", "\u007f",
    "\u0080", "\u00ff"
  };

  private final Pattern documented =
      Pattern.compile(
          new Contract().document().at("/components/schemas/EntityTags/pattern").textValue());

  @Test
  void itMatchesWhatIsTakenAndNothingElse() {
    Random random = new Random(SEED);
    int taken = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int parts = random.nextInt(8); parts > 0; parts--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      boolean good = isTaken(text.toString());
      taken += good ? 1 : 0;
      assertThat(documented.matcher(text).matches()).as("<%s>", text).isEqualTo(good);
    }
    assertThat(taken).isBetween(1_000, 99_000);
  }

  private static boolean isTaken(String text) {
    try {
      EntityTags.precondition(MultiMap.caseInsensitiveMultiMap().add(HttpHeaders.IF_MATCH, text));
      return true;
    } catch (Failure refused) {
      return false;
    }
  }
}
