package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Lists of writes: in order, each for itself, beside single writes. */
public abstract class BulkWritesContract extends UserStoreContract {

  private List<BulkOutcome.Result> writeAll(List<UserWrite> writes) {
    BulkOutcome outcome = await(store().writeAll(writes));
    assertThat(outcome.stopped()).isNull();
    assertThat(outcome.results()).hasSize(writes.size());
    return outcome.results();
  }

  private static WriteOutcome outcome(BulkOutcome.Result result) {
    assertThat(result.failure()).isNull();
    WriteOutcome outcome = result.outcome();
    if (outcome == null) {
      throw new AssertionError("neither an outcome nor a failure");
    }
    return outcome;
  }

  private static Kind failure(BulkOutcome.Result result) {
    assertThat(result.outcome()).isNull();
    Failure failure = result.failure();
    if (failure == null) {
      throw new AssertionError("neither an outcome nor a failure");
    }
    return failure.kind();
  }

  @Test
  void anEmptyListIsDoneAtOnce() {
    assertThat(writeAll(List.of())).isEmpty();
  }

  @Test
  void aListIsCarriedOutInItsOrder() {
    List<BulkOutcome.Result> results =
        writeAll(
            List.of(
                creation("{'id':1,'name':'A'}"),
                patching(1, "{'name':'B'}"),
                putting(1, "{'name':'B'}"),
                deletion(1),
                creation("{'id':1,'name':'C'}")));
    assertThat(results)
        .extracting(result -> outcome(result).kind())
        .containsExactly(
            WriteOutcome.Kind.CREATED,
            WriteOutcome.Kind.UPDATED,
            WriteOutcome.Kind.UNCHANGED,
            WriteOutcome.Kind.DELETED,
            WriteOutcome.Kind.CREATED);
    assertThat(get(1)).isEqualTo(outcome(results.get(4)).user());
  }

  @Test
  void aWriteThatMustNotHappenFailsAlone() {
    List<BulkOutcome.Result> results =
        writeAll(
            List.of(
                creation("{'id':1,'name':'A','email':'a@x.org'}"),
                creation("{'id':1,'name':'B'}"),
                creation("{'id':2,'name':'B','email':'A@X.org'}"),
                patching(9, "{'name':'B'}"),
                putting(1, "{'name':'B'}", ifMatch(99), null),
                creation("{'id':3,'name':'C'}")));
    assertThat(outcome(results.get(0)).kind()).isEqualTo(WriteOutcome.Kind.CREATED);
    assertThat(results.subList(1, 5))
        .extracting(BulkWritesContract::failure)
        .containsExactly(Kind.CONFLICT, Kind.CONFLICT, Kind.NOT_FOUND, Kind.PRECONDITION_FAILED);
    assertThat(outcome(results.get(5)).kind()).isEqualTo(WriteOutcome.Kind.CREATED);
    assertThat(everyone()).extracting(User::id).containsExactly(1L, 3L);
  }

  @Test
  void aListOfNothingButFailuresIsAnswered() {
    List<UserWrite> writes = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      writes.add(deletion(i));
    }
    assertThat(writeAll(writes))
        .extracting(BulkWritesContract::failure)
        .containsOnly(Kind.NOT_FOUND);
  }

  @Test
  void aLongListOfLargeUsersIsWrittenWhole() {
    List<UserWrite> writes = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      String filler = "x".repeat(i % 50 == 0 ? 100_000 : 1000);
      writes.add(
          creation(
              String.format(Locale.ROOT, "{'name':'U%d','attributes':{'f':'%s'}}", i, filler)));
    }
    List<User> written = new ArrayList<>();
    writeAll(writes).forEach(result -> written.add(outcome(result).user()));
    assertThat(written).extracting(User::name).startsWith("U1", "U2", "U3").endsWith("U500");
    assertThat(written).extracting(User::seq).isSorted();
    assertThat(everyone()).isEqualTo(written);
  }

  @Test
  void singleWritesGoOnBesideALongList() {
    List<UserWrite> writes = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      writes.add(creation("{'name':'bulk'}"));
    }
    List<Future<BulkOutcome>> lists = List.of(store().writeAll(writes), store().writeAll(writes));
    List<Future<WriteOutcome>> singles = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      singles.add(store().write(creation("{'name':'single'}")));
    }
    singles.forEach(Awaiting::await);
    lists.forEach(list -> assertThat(await(list).results()).hasSize(2000));
    assertThat(everyone()).hasSize(5000).extracting(User::id).doesNotHaveDuplicates();
    assertThat(changesAfter(0)).hasSize(5000);
  }
}
