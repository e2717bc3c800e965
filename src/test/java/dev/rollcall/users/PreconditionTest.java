package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreconditionTest {

  private static final @Nullable User MISSING = null;

  private static Precondition precondition(String name) {
    return switch (name) {
      case "none" -> Precondition.NONE;
      case "If-Match: *" -> new Precondition(null, true, Set.of(), false);
      case "If-Match: 5" -> new Precondition(Set.of(5L), false, Set.of(), false);
      case "If-Match: 4 5" -> new Precondition(Set.of(4L, 5L), false, Set.of(), false);
      case "If-Match: 4" -> new Precondition(Set.of(4L), false, Set.of(), false);
      case "If-Match: foreign" -> new Precondition(Set.of(), false, Set.of(), false);
      case "If-None-Match: *" -> new Precondition(null, false, Set.of(), true);
      case "If-None-Match: 5" -> new Precondition(null, false, Set.of(5L), false);
      case "If-None-Match: 4" -> new Precondition(null, false, Set.of(4L), false);
      case "If-Match: 5, If-None-Match: 4" ->
          new Precondition(Set.of(5L), false, Set.of(4L), false);
      case "If-Match: 5, If-None-Match: 5" ->
          new Precondition(Set.of(5L), false, Set.of(5L), false);
      case "If-Match: *, If-None-Match: *" -> new Precondition(null, true, Set.of(), true);
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none                          | true  | true",
        "If-Match: *                   | true  | false",
        "If-Match: 5                   | true  | false",
        "If-Match: 4 5                 | true  | false",
        "If-Match: 4                   | false | false",
        "If-Match: foreign             | false | false",
        "If-None-Match: *              | false | true",
        "If-None-Match: 5              | false | true",
        "If-None-Match: 4              | true  | true",
        "If-Match: 5, If-None-Match: 4 | true  | false",
        "If-Match: 5, If-None-Match: 5 | false | false",
        "If-Match: *, If-None-Match: * | false | false",
      })
  void holdsForAUserOfSeqFiveAndForNone(String name, boolean forUser, boolean forNone) {
    User user = User.of(1, "A", null, "{}", 2, Instant.EPOCH, Instant.EPOCH, 5);
    assertThat(precondition(name).holds(user)).isEqualTo(forUser);
    assertThat(precondition(name).holds(MISSING)).isEqualTo(forNone);
  }
}
