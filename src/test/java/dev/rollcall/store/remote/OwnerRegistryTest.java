package dev.rollcall.store.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnerRegistryTest {

  private final OwnerRegistry owners = new OwnerRegistry();

  private Set<String> asked(int times) {
    Set<String> asked = new HashSet<>();
    for (int i = 0; i < times; i++) {
      asked.add(String.valueOf(owners.next(null)));
    }
    return asked;
  }

  @Test
  void whereNobodyIsHeardOfNobodyIsAsked() {
    assertThat(owners.next(null)).isNull();
    assertThat(owners.hasOther("a")).isFalse();
    owners.answered("a");
    owners.timedOut("a");
    assertThat(owners.next(null)).isNull();
  }

  @Test
  void allWhoAreHeardOfAreAskedInTurn() {
    owners.announced("a");
    owners.announced("b");
    owners.announced("a");
    assertThat(asked(2)).containsExactlyInAnyOrder("a", "b");
    assertThat(owners.hasOther("a")).isTrue();
  }

  @Test
  void whoWasAskedInVainIsAskedAgainOnlyWhereItIsAlone() {
    owners.announced("a");
    assertThat(owners.next("a")).isEqualTo("a");
    assertThat(owners.hasOther("a")).isFalse();
    owners.announced("b");
    for (int i = 0; i < 10; i++) {
      assertThat(owners.next("a")).isEqualTo("b");
    }
  }

  @Test
  void whoLeavesIsNotAsked() {
    owners.announced("a");
    owners.announced("b");
    owners.left("a");
    assertThat(asked(10)).containsExactly("b");
    owners.left("b");
    assertThat(owners.next(null)).isNull();
  }

  @Test
  void twoTimeoutsInARowLeaveANodeOutAndAnAnswerTakesItBack() {
    owners.announced("a");
    owners.announced("b");
    owners.timedOut("a");
    owners.answered("a");
    owners.timedOut("a");
    assertThat(asked(10)).contains("a");
    owners.timedOut("a");
    assertThat(asked(10)).containsExactly("b");
    assertThat(owners.hasOther("b")).isFalse();
    assertThat(owners.next("b")).as("better than the one that has just failed").isEqualTo("a");
    owners.answered("a");
    assertThat(asked(10)).contains("a");
  }

  @Test
  void whoIsLeftOutIsAskedWhereThereIsNoOther() {
    owners.announced("a");
    owners.timedOut("a");
    owners.timedOut("a");
    assertThat(owners.next(null)).isEqualTo("a");
  }
}
