package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker of stale reads must be able to find them. */
class HistoryTest {

  private final History history = new History();
  private final List<Change> feed = new ArrayList<>();

  private static User user(long seq) {
    return User.of(1, "N" + seq, null, "{}", seq, Instant.EPOCH, Instant.EPOCH, seq);
  }

  /** Created at ticks 10 to 20, updated at 30 to 40, deleted at 50 to 60, created at 70 to 80. */
  @BeforeEach
  void aLife() {
    history.wrote(10, 20, user(1));
    history.wrote(30, 40, user(2));
    history.deleted(50, 60, 1, 3);
    history.wrote(70, 80, user(4));
    Change.Kind[] kinds = {
      Change.Kind.CREATED, Change.Kind.UPDATED, Change.Kind.DELETED, Change.Kind.CREATED
    };
    for (int i = 0; i < kinds.length; i++) {
      feed.add(new Change(i + 1, kinds[i], 1, 1, Instant.EPOCH, null, null));
    }
  }

  private void read(long start, long end, long seq) {
    history.read(start, end, 1, seq == 0 ? Optional.empty() : Optional.of(user(seq)));
  }

  @Test
  void whatMayBeSeenIsRight() {
    read(1, 5, 0);
    read(11, 15, 0);
    read(16, 21, 1);
    read(25, 28, 1);
    read(31, 35, 1);
    read(36, 38, 2);
    read(41, 45, 2);
    read(51, 52, 2);
    read(53, 54, 0);
    read(61, 65, 0);
    read(71, 75, 0);
    read(76, 77, 4);
    read(90, 95, 4);
    assertThat(history.faults(feed)).isEmpty();
  }

  @Test
  void aReadOfLessThanWasAcknowledgedIsFound() {
    read(41, 45, 1);
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void nobodyThoughACreationWasAcknowledgedIsFound() {
    read(21, 25, 0);
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void aUserWhoseDeletionWasAcknowledgedIsFound() {
    read(61, 65, 2);
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void nobodyAfterTheNextLifeBeganIsFound() {
    read(81, 85, 0);
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void aReadOfWhatHadNotBegunIsFound() {
    read(21, 25, 2);
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void aReadThatGoesBackIsFound() {
    read(31, 32, 2);
    read(33, 34, 1);
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void goingBackToOrFromNobodyIsFound() {
    read(51, 52, 0);
    read(53, 54, 2);
    read(71, 72, 4);
    read(73, 74, 0);
    assertThat(history.faults(feed)).hasSize(2);
  }

  @Test
  void contentOfAnotherSeqIsFound() {
    User mixed = User.of(1, "N1", null, "{}", 2, Instant.EPOCH, Instant.EPOCH, 2);
    history.read(41, 45, 1, Optional.of(mixed));
    assertThat(history.faults(feed)).hasSize(1);
  }

  @Test
  void anAcknowledgedWriteThatIsNotInTheFeedIsFound() {
    history.wrote(90, 91, user(5));
    assertThat(history.faults(feed)).hasSize(1);
  }
}
