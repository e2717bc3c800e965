package dev.rollcall.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ids that the store gives: never one that any user ever had. */
public abstract class AssignedIdsContract extends UserStoreContract {

  /** From here on a client's id doesn't raise the ids that are assigned. */
  private static final long HALF = 1L << 52;

  private final Set<Long> used = new HashSet<>();

  private long assigned() {
    long id = create("{'name':'assigned'}").id();
    assertThat(id).isBetween(1L, User.MAX_ID);
    assertThat(used.add(id)).as("id %d was never used before", id).isTrue();
    return id;
  }

  private void given(long id) {
    assertThat(create(String.format(Locale.ROOT, "{'id':%d,'name':'given'}", id)).id())
        .isEqualTo(id);
    used.add(id);
  }

  @Test
  void anAssignedIdWasNeverUsedBefore() {
    assigned();
    write(deletion(assigned()));
    reopen();
    assigned();
    given(1000);
    write(deletion(1000));
    assertThat(assigned()).isGreaterThan(1000);
    write(putting(2000, "{'name':'put'}"));
    used.add(2000L);
    write(deletion(2000));
    reopen();
    assertThat(assigned()).isGreaterThan(2000);
  }

  @Test
  void aRefusedCreationMayCostAnIdButNeverRepeatsOne() {
    create("{'id':7,'name':'A','email':'a@x.org'}");
    used.add(7L);
    for (int i = 0; i < 5; i++) {
      Awaiting.failureOf(store().write(creation("{'name':'B','email':'A@x.org'}")));
      assigned();
      reopen();
    }
  }

  @Test
  void theLargestIdDoesNotExhaustTheRest() {
    given(User.MAX_ID);
    assertThat(assigned()).isLessThan(HALF);
    given(User.MAX_ID - 1);
    write(deletion(User.MAX_ID));
    reopen();
    assertThat(assigned()).isLessThan(HALF);
    given(User.MAX_ID);
  }

  @Test
  void atTheBoundTheCounterSkipsWhatIsAndWhatWasInUse() {
    given(HALF);
    given(HALF + 1);
    given(HALF + 3);
    given(HALF + 4);
    write(deletion(HALF + 1));
    write(deletion(HALF + 4));
    assertThat(assigned()).isEqualTo(1);
    given(HALF - 2);
    assertThat(assigned()).isEqualTo(HALF - 1);
    reopen();
    assertThat(assigned()).isEqualTo(HALF + 2);
    assertThat(assigned()).isEqualTo(HALF + 5);
    write(deletion(HALF + 5));
    reopen();
    assertThat(assigned()).isEqualTo(HALF + 6);
  }

  @Test
  void aClientMayTakeARetiredIdAgainAndItStaysRetired() {
    given(HALF);
    write(deletion(HALF));
    given(HALF);
    write(deletion(HALF));
    given(HALF - 1);
    assertThat(assigned()).isEqualTo(HALF + 1);
  }
}
