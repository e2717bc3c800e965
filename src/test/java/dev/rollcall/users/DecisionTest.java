package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.StrictJson;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTest {

  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant UPDATED = Instant.parse("2026-02-02T03:04:05.678Z");
  private static final User USER =
      User.of(1, "A", "a@x.org", "{\"a\":1,\"b\":[{\"c\":1.0}]}", 3, CREATED, UPDATED, 9);
  private static final Precondition MISMATCH = new Precondition(Set.of(8L), false, Set.of(), false);

  private static UserWrite put(String text) {
    return new UserWrite.Put(
        1,
        DraftReader.replace(StrictJson.read(text.replace('\'', '"')), 1),
        Precondition.NONE,
        null);
  }

  private static UserWrite patch(String text, Precondition precondition) {
    return new UserWrite.Patch(
        1, DraftReader.patch(StrictJson.read(text.replace('\'', '"')), 1), precondition, null);
  }

  private static Kind refused(UserWrite write, @Nullable User current) {
    return catchThrowableOfType(Failure.class, () -> Decision.on(write, current)).kind();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'A','email':'a@x.org','attributes':{'a':1,'b':[{'c':1.0}]}}",
        "{'name':'\\t A \\n','email':'a@x.org','attributes':{'b':[{'c':1.0}],'a':1}}",
        "{'id':1,'name':'A','email':'a@x.org','attributes':{'a':1,'b':[{'c':1.0}]},'version':77}",
      })
  void aPutOfTheSameKeepsTheUser(String text) {
    assertThat(Decision.on(put(text), USER)).isEqualTo(new Decision.Keep(USER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'a','email':'a@x.org','attributes':{'a':1,'b':[{'c':1.0}]}}",
        "{'name':'A','email':'A@x.org','attributes':{'a':1,'b':[{'c':1.0}]}}",
        "{'name':'A','attributes':{'a':1,'b':[{'c':1.0}]}}",
        "{'name':'A','email':'a@x.org'}",
        "{'name':'A','email':'a@x.org','attributes':{'a':2,'b':[{'c':1.0}]}}",
        "{'name':'A','email':'a@x.org','attributes':{'a':1,'b':[{'c':1.0},1]}}",
        "{'name':'A','email':'a@x.org','attributes':{'a':'1','b':[{'c':1.0}]}}",
        "{'name':'A','email':'a@x.org','attributes':{'a':null,'b':[{'c':1.0}]}}",
      })
  void aPutOfAnythingElseUpdatesTheUser(String text) {
    Decision decision = Decision.on(put(text), USER);
    assertThat(decision).isInstanceOf(Decision.Update.class);
    User after = ((Decision.Update) decision).after(10, UPDATED.plusSeconds(5));
    assertThat(after.version()).isEqualTo(4);
    assertThat(after.createdAt()).isEqualTo(CREATED);
    assertThat(after.updatedAt()).isEqualTo(UPDATED.plusSeconds(5));
    assertThat(after.seq()).isEqualTo(10);
  }

  @Test
  void aClockThatWasSetBackDoesNotTakeTheUserBack() {
    Decision decision = Decision.on(put("{'name':'B'}"), USER);
    assertThat(((Decision.Update) decision).after(10, CREATED.minusSeconds(1)).updatedAt())
        .isEqualTo(UPDATED);
  }

  @Test
  void aPutOfAMissingUserInserts() {
    assertThat(Decision.on(put("{'name':'B'}"), null))
        .isEqualTo(new Decision.Insert(1L, new UserDraft(null, "B", null, "{}")));
  }

  @Test
  void thePreconditionIsLookedAtBeforeTheContent() {
    assertThat(refused(patch("{}", MISMATCH), USER)).isEqualTo(Kind.PRECONDITION_FAILED);
    assertThat(refused(patch("{}", MISMATCH), null)).isEqualTo(Kind.NOT_FOUND);
    assertThat(refused(new UserWrite.Delete(1, MISMATCH, null), USER))
        .isEqualTo(Kind.PRECONDITION_FAILED);
    assertThat(refused(new UserWrite.Delete(1, MISMATCH, null), null)).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aCreationWithATakenIdIsAConflict() {
    UserWrite create = new UserWrite.Create(new UserDraft(1L, "A", null, "{}"), null);
    assertThat(refused(create, USER)).isEqualTo(Kind.CONFLICT);
    assertThat(Decision.on(create, null)).isInstanceOf(Decision.Insert.class);
  }

  @Test
  void aDeletionRemovesWhatIsThere() {
    assertThat(Decision.on(new UserWrite.Delete(1, Precondition.NONE, null), USER))
        .isEqualTo(new Decision.Remove(USER));
  }
}
