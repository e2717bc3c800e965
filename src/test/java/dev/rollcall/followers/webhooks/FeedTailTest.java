package dev.rollcall.followers.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.UserStore;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedTailTest {

  private final List<Promise<ChangePage>> asked = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private long position = 7;
  private long deletion;
  private long nanos;

  private final UserStore store =
      (UserStore)
          Proxy.newProxyInstance(
              UserStore.class.getClassLoader(),
              new Class<?>[] {UserStore.class},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "position" -> position;
                    case "newestDeletion" -> deletion;
                    case "changes" -> pending((int) arguments[1]);
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private final FeedTail tail = new FeedTail(store, () -> nanos);

  private Object pending(int limit) {
    Promise<ChangePage> promise = Promise.promise();
    asked.add(promise);
    limits.add(limit);
    return promise.future();
  }

  private static ChangePage page(long from, long to, String user) {
    List<Change> items =
        LongStream.rangeClosed(from, to)
            .mapToObj(
                seq -> new Change(seq, Change.Kind.CREATED, seq, 1, Instant.EPOCH, user, null))
            .toList();
    return new ChangePage(items, to);
  }

  private static ChangePage page(long from, long to) {
    return page(from, to, "{}");
  }

  /** Else whoever joins it would take for seen what was committed after it. */
  @Test
  void aReadThatIsJoinedLaterReachesNoFurtherThanWhenItBegan() {
    FeedTail.Read first = tail.read(3, 100);
    position = 9;
    FeedTail.Read joined = tail.read(3, 100);
    assertThat(asked).hasSize(1);
    assertThat(joined.changes()).isSameAs(first.changes());
    assertThat(joined.upTo()).isEqualTo(7);
  }

  @Test
  void aReadThatHasEndedIsNotJoined() {
    FeedTail.Read first = tail.read(3, 100);
    asked.get(0).complete(new ChangePage(List.of(), 3));
    position = 9;
    FeedTail.Read second = tail.read(3, 100);
    assertThat(second.changes()).isNotSameAs(first.changes());
    assertThat(second.upTo()).isEqualTo(9);
    assertThat(asked).hasSize(2);
  }

  @Test
  void whoComesALittleLaterJoinsWhatIsReadAhead() {
    FeedTail.Read first = tail.readAhead(3, 5);
    assertThat(tail.readAhead(20, 5).changes()).isSameAs(first.changes());
    assertThat(tail.readAhead(2, 5).changes()).isNotSameAs(first.changes());
    assertThat(limits).containsExactly(FeedTail.PAGE, FeedTail.PAGE);
  }

  @Test
  void whatWasReadIsKeptForAMoment() {
    tail.read(3, 100);
    asked.get(0).complete(page(4, 9));
    assertThat(tail.kept(4)).extracting(ReadChange::seq).isEqualTo(4L);
    assertThat(tail.kept(10)).isNull();
    nanos += TimeUnit.MILLISECONDS.toNanos(FeedTail.KEEP_MILLIS) + 1;
    assertThat(tail.kept(4)).isNull();
  }

  @Test
  void aDeletionDropsWhatIsKept() {
    tail.read(3, 100);
    asked.get(0).complete(page(4, 9));
    deletion = 10;
    assertThat(tail.kept(4)).isNull();
  }

  /** It has to be read again and again then: no more than what is sent at once. */
  @Test
  void whatIsReadBesideADeletionIsKeptForNobody() {
    List<@Nullable ReadChange> seen = new ArrayList<>();
    tail.read(3, 100).changes().onSuccess(page -> seen.add(tail.kept(4)));
    deletion = 10;
    asked.get(0).complete(page(4, 9));
    assertThat(seen).doesNotContainNull().hasSize(1);
    assertThat(tail.kept(4)).isNull();
    tail.readAhead(3, 2);
    assertThat(limits).containsExactly(100, 2);
  }

  @Test
  void ofLargeUsersTheOldestAreDropped() {
    String large = "x".repeat(1 << 20);
    for (long seq = 1; seq <= 4; seq++) {
      tail.read(seq - 1, 100);
      asked.get((int) seq - 1).complete(page(seq, seq, large));
    }
    assertThat(tail.kept(1)).isNull();
    assertThat(tail.kept(3)).isNotNull();
    assertThat(tail.kept(4)).isNotNull();
  }

  /** A store ends a page that gets large, however much there is behind it. */
  @Test
  void aLargePageSaysNothingOfWhatComesBehindIt() {
    FeedTail.Read read = tail.read(3, 100);
    asked.get(0).complete(page(4, 5, "x".repeat(ChangePage.MOST_BYTES)));
    assertThat(read.reach(read.changes().result())).isEqualTo(5);
  }

  @Test
  void aSmallPageReachesThePosition() {
    FeedTail.Read read = tail.read(3, 100);
    asked.get(0).complete(page(4, 5));
    assertThat(read.reach(read.changes().result())).isEqualTo(7);
  }
}
