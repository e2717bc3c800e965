package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A write repeated under the same op is applied once and answered as at first. */
public abstract class RepeatedWritesContract extends UserStoreContract {

  private final UUID op = new UUID(0x1234_5678_9abc_def0L, -2);

  @Test
  void aRepeatedCreationReturnsTheFirstUser() {
    UserWrite write = creation("{'name':'A','email':'a@x.org','attributes':{'b':1.50,'a':2}}", op);
    WriteOutcome first = write(write);
    assertThat(write(write)).isEqualTo(first);
    reopen();
    assertThat(write(write)).isEqualTo(first);
    assertThat(everyone()).containsExactly(first.user());
    assertThat(changesAfter(0)).hasSize(1);
  }

  @Test
  void aRepeatedWriteReturnsWhatItDidThoughTheUserHasMovedOn() {
    create("{'id':1,'name':'A'}");
    UserWrite patch = patching(1, "{'name':'B'}", NONE, op);
    WriteOutcome first = write(patch);
    assertThat(first.kind()).isEqualTo(WriteOutcome.Kind.UPDATED);
    User last = write(patching(1, "{'name':'C'}")).user();
    long position = store().position();
    assertThat(write(patch)).isEqualTo(first);
    assertThat(get(1)).as("the state after the replay").isEqualTo(last);
    reopen();
    assertThat(write(patch)).isEqualTo(first);
    assertThat(get(1)).as("the state after the replay").isEqualTo(last);
    assertThat(store().position()).isEqualTo(position);
  }

  @Test
  void aRepeatedPutTellsThatItCreated() {
    UserWrite put = putting(1, "{'name':'A'}", ifAbsent(), op);
    WriteOutcome first = write(put);
    assertThat(first.kind()).isEqualTo(WriteOutcome.Kind.CREATED);
    assertThat(write(put)).as("though the precondition doesn't hold any more").isEqualTo(first);
  }

  @Test
  void aRepeatedDeletionTellsThatItDeleted() {
    create("{'id':1,'name':'A'}");
    UserWrite delete = new UserWrite.Delete(1, NONE, op);
    assertThat(write(delete).kind()).isEqualTo(WriteOutcome.Kind.DELETED);
    assertThat(write(delete).kind()).isEqualTo(WriteOutcome.Kind.DELETED);
    User again = create("{'id':1,'name':'B'}");
    assertThat(write(delete).kind()).isEqualTo(WriteOutcome.Kind.DELETED);
    assertThat(get(1)).as("the next life is not deleted").isEqualTo(again);
  }

  @Test
  void aRepetitionAfterTheUserWasErasedIsGone() {
    UserWrite write = creation("{'id':1,'name':'A'}", op);
    write(write);
    write(deletion(1));
    assertThat(failureOf(store().write(write)).kind()).isEqualTo(Kind.GONE);
    create("{'id':1,'name':'B'}");
    assertThat(failureOf(store().write(write)).kind()).isEqualTo(Kind.GONE);
    assertThat(get(1).name()).isEqualTo("B");
  }

  @Test
  void theSameOpForOtherContentIsAConflict() {
    List<UserWrite> writes =
        List.of(
            creation("{'id':1,'name':'A'}", op),
            creation("{'id':1,'name':'B'}", op),
            creation("{'name':'A'}", op),
            creation("{'id':1,'name':'A','email':'a@x.org'}", op),
            creation("{'id':1,'name':'A','attributes':{'a':1}}", op),
            putting(1, "{'id':1,'name':'A'}", NONE, op),
            patching(1, "{'name':'A'}", NONE, op),
            patching(2, "{'name':'A'}", NONE, op),
            new UserWrite.Delete(1, NONE, op));
    write(writes.get(0));
    for (UserWrite other : writes.subList(1, writes.size())) {
      assertThat(failureOf(store().write(other)).kind())
          .as(other.toString())
          .isEqualTo(Kind.CONFLICT);
    }
  }

  @Test
  void theOpOfAnotherCallerIsAConflict() {
    UserWrite write = creation("{'id':1,'name':'A'}", op);
    WriteOutcome first = write(write.from("key:7"));
    for (String other : Arrays.asList("key:8", "admin", "key:7 ", null)) {
      assertThat(failureOf(store().write(write.from(other))).kind())
          .as(other)
          .isEqualTo(Kind.CONFLICT);
    }
    reopen();
    assertThat(failureOf(store().write(write.from("key:8"))).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(write(write.from("key:7"))).isEqualTo(first);
  }

  /** As where a node of the version before took the first, which does not ask who sends it. */
  @Test
  void whatNobodyInParticularAskedForMayBeRepeatedByACaller() {
    UserWrite write = creation("{'id':1,'name':'A'}", op);
    WriteOutcome first = write(write);
    assertThat(write(write.from("key:7"))).isEqualTo(first);
    assertThat(failureOf(store().write(creation("{'id':1,'name':'B'}", op).from("key:7"))).kind())
        .isEqualTo(Kind.CONFLICT);
    assertThat(changesAfter(0)).extracting(Change::by).containsOnlyNulls();
  }

  @Test
  void patchesThatDifferInANullAreOtherContent() {
    String before = "{'id':1,'name':'A','email':'a@x.org','attributes':{'a':1}}";
    List<String> patches =
        List.of(
            "{'name':'null'}",
            "{'name':'null','email':null}",
            "{'name':'null','attributes':null}",
            "{'attributes':null}",
            "{'email':null}",
            "{'email':null,'attributes':null}");
    for (String first : patches) {
      for (String second : patches) {
        write(putting(1, before));
        UUID key = UUID.randomUUID();
        write(patching(1, first, NONE, key));
        Future<WriteOutcome> repeated = store().write(patching(1, second, NONE, key));
        if (first.equals(second)) {
          assertThat(await(repeated).kind()).isEqualTo(WriteOutcome.Kind.UPDATED);
        } else {
          assertThat(failureOf(repeated).kind())
              .as("%s, then %s", first, second)
              .isEqualTo(Kind.CONFLICT);
        }
      }
    }
  }

  @Test
  void anOpIsAppliedOnceThoughItComesManyTimesAtOnce() {
    create("{'id':1,'name':'A'}");
    for (int round = 0; round < 20; round++) {
      UUID key = UUID.randomUUID();
      UserWrite write =
          creation(String.format(Locale.ROOT, "{'name':'B','email':'b%d@x.org'}", round), key);
      List<Future<WriteOutcome>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(store().write(write));
      }
      Set<WriteOutcome> outcomes = new HashSet<>();
      answers.forEach(answer -> outcomes.add(await(answer)));
      assertThat(outcomes).hasSize(1);
    }
    assertThat(everyone()).hasSize(21);
  }

  @Test
  void anOpRepeatedWithinOneListIsAppliedOnce() {
    UserWrite write = putting(1, "{'name':'A'}", NONE, op);
    List<BulkOutcome.Result> results =
        await(store().writeAll(List.of(write, putting(1, "{'name':'B'}"), write))).results();
    assertThat(results.get(2)).isEqualTo(results.get(0));
    assertThat(get(1).name()).isEqualTo("B");
  }

  @Test
  void aFailedWriteLeavesItsOpFree() {
    UserWrite write = patching(1, "{'name':'B'}", NONE, op);
    assertThat(failureOf(store().write(write)).kind()).isEqualTo(Kind.NOT_FOUND);
    create("{'id':1,'name':'A'}");
    assertThat(write(write).user().name()).isEqualTo("B");
  }
}
