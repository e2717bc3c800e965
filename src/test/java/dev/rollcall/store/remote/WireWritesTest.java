package dev.rollcall.store.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.StrictJson;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes between nodes, of which some are of the version before. */
class WireWritesTest {
  private static final UUID OP = new UUID(1, 2);
  private static final UserDraft DRAFT = new UserDraft(1L, "A", "a@x.org", "{\"a\":1.50}");

  static Stream<UserWrite> writes() {
    Precondition condition = new Precondition(Set.of(7L), true, Set.of(8L), false);
    return Stream.of(
        new UserWrite.Create(DRAFT, OP),
        new UserWrite.Put(1, DRAFT, Precondition.NONE, null),
        new UserWrite.Patch(1, new UserDraft.Patch("B", null, true, null), condition, OP),
        new UserWrite.Delete(1, condition, OP),
        new UserWrite.SetPassword(1, "hash", "old"));
  }

  private static UserWrite sent(ObjectNode wire) {
    return WireWrites.decode(StrictJson.read(wire.toString()));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aWriteArrivesAsThatOfItsCaller(UserWrite write) {
    UserWrite of = write.from("issuer:corp:Zo\u00eb");
    assertThat(sent(WireWrites.encode(of))).isEqualTo(of);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aWriteOfNobodyIsWhatTheVersionBeforeSends(UserWrite write) {
    ObjectNode wire = WireWrites.encode(write);
    assertThat(wire.has("by")).isFalse();
    assertThat(sent(wire)).isEqualTo(write);
  }

  /** A node of that version looks only for the members that it knows. */
  @ParameterizedTest
  @MethodSource("writes")
  void theVersionBeforeFindsAllThatItKnows(UserWrite write) {
    ObjectNode wire = WireWrites.encode(write.from("key:7"));
    wire.remove("by");
    assertThat(wire).isEqualTo(WireWrites.encode(write));
  }
}
