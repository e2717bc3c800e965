package dev.rollcall.followers.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.ChangePage;
import dev.rollcall.users.UserStore;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTailTest {

  private final List<Promise<ChangePage>> asked = new ArrayList<>();
  private long position = 7;

  private final UserStore store =
      (UserStore)
          Proxy.newProxyInstance(
              UserStore.class.getClassLoader(),
              new Class<?>[] {UserStore.class},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "position" -> position;
                    case "changes" -> pending();
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private Object pending() {
    Promise<ChangePage> promise = Promise.promise();
    asked.add(promise);
    return promise.future();
  }

  /** Else whoever joins it would take for seen what was committed after it. */
  @Test
  void aReadThatIsJoinedLaterReachesNoFurtherThanWhenItBegan() {
    FeedTail tail = new FeedTail(store);
    FeedTail.Read first = tail.read(3, 100);
    position = 9;
    FeedTail.Read joined = tail.read(3, 100);
    assertThat(asked).hasSize(1);
    assertThat(joined.page()).isSameAs(first.page());
    assertThat(joined.upTo()).isEqualTo(7);
  }

  @Test
  void aReadThatHasEndedIsNotJoined() {
    FeedTail tail = new FeedTail(store);
    FeedTail.Read first = tail.read(3, 100);
    asked.get(0).complete(new ChangePage(List.of(), 3));
    position = 9;
    FeedTail.Read second = tail.read(3, 100);
    assertThat(second.page()).isNotSameAs(first.page());
    assertThat(second.upTo()).isEqualTo(9);
    assertThat(asked).hasSize(2);
  }
}
