package dev.rollcall.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Tag("slow")
class FailureDetectorTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<String> members = new CopyOnWriteArrayList<>(List.of("here", "there"));
  private final BlockingQueue<Set<String>> told = new LinkedBlockingQueue<>();
  private FailureDetector detector;

  @BeforeEach
  void begin(Vertx vertx) {
    detector = FailureDetector.start(vertx, "here", () -> members, told::add);
  }

  private static void speak(Vertx vertx, String node) {
    vertx.eventBus().publish(FailureDetector.ADDRESS, node);
  }

  private Set<String> nextTold() throws InterruptedException {
    return told.poll(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** So much time passes as the detector's own voice takes for it. */
  private static void awaitBeats(Vertx vertx, int count) {
    List<Object> beats = new CopyOnWriteArrayList<>();
    var ear =
        vertx.eventBus().consumer(FailureDetector.ADDRESS, message -> beats.add(message.body()));
    await().atMost(LONG).until(() -> beats.stream().filter("here"::equals).count() >= count);
    ear.unregister();
  }

  @Test
  void oneThatFallsSilentIsSuspectedUntilItIsHeardAgain(Vertx vertx) throws Exception {
    awaitBeats(vertx, 1);
    long spoke = System.nanoTime();
    speak(vertx, "there");
    assertThat(nextTold()).containsExactly("there");
    assertThat(Duration.ofNanos(System.nanoTime() - spoke)).isGreaterThan(Duration.ofSeconds(2));
    speak(vertx, "there");
    assertThat(nextTold()).isEmpty();
  }

  @Test
  void oneThatNeverSpokeOrSpeaksOnIsNotSuspected(Vertx vertx) {
    members.add("mute");
    long timer = vertx.setPeriodic(0, 200, turn -> speak(vertx, "there"));
    awaitBeats(vertx, 7);
    vertx.cancelTimer(timer);
    assertThat(told).isEmpty();
  }

  @Test
  void oneThatIsNoMemberAnyMoreIsForgotten(Vertx vertx) throws Exception {
    awaitBeats(vertx, 1);
    speak(vertx, "there");
    speak(vertx, "a stranger");
    assertThat(nextTold()).containsExactly("there");
    members.remove("there");
    assertThat(nextTold()).isEmpty();
  }

  @Test
  void whatIsNotANodesNameIsNotHeard(Vertx vertx) throws Exception {
    awaitBeats(vertx, 1);
    vertx.eventBus().publish(FailureDetector.ADDRESS, 42);
    vertx.eventBus().publish(FailureDetector.ADDRESS, null);
    speak(vertx, "there");
    assertThat(nextTold()).containsExactly("there");
  }

  @Test
  void itSaysAndHearsNothingOnceItHasEnded(Vertx vertx) throws Exception {
    awaitBeats(vertx, 1);
    speak(vertx, "there");
    detector.end().await();
    List<Object> beats = new CopyOnWriteArrayList<>();
    vertx.eventBus().consumer(FailureDetector.ADDRESS, message -> beats.add(message.body()));
    assertThat(told.poll(3, TimeUnit.SECONDS)).isNull();
    assertThat(beats).isEmpty();
  }
}
