package dev.rollcall.sources.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.ForwardedHeaders;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to questions that are under way when a node is lost. */
@Timeout(60)
class RemoteRequestsTest {

  private static final String ADDRESS = "rollcall.source.a";

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Cancellation cancellation = new Cancellation();

  /** What the owner of the address has received and not answered. */
  private final List<Message<Object>> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen() {
    vertx.eventBus().<Object>consumer(ADDRESS, asked::add).completion().await();
  }

  @AfterEach
  void end() {
    vertx.close().await();
  }

  private RemoteRequests questions(String... sets) {
    String[] all = new String[sets.length + 1];
    all[0] = "sources.a.http=http://127.0.0.1:9/{id}";
    System.arraycopy(sets, 0, all, 1, sets.length);
    return new RemoteRequests(vertx, source(all), ADDRESS);
  }

  private static SourceSettings source(String... sets) {
    return Objects.requireNonNull(Settings.of(sets).sources().get("a"));
  }

  private Future<SourceReply> ask(RemoteRequests questions, Duration time) {
    Promise<SourceReply> reply = Promise.promise();
    SourceRequest request =
        new SourceRequest(
            42,
            Map.of(),
            Map.of(),
            ForwardedHeaders.NONE,
            1,
            Deadline.in(time),
            cancellation,
            new Caller("r", TraceContext.NONE));
    loop.runOnContext(now -> questions.ask(request, "x-1", 0).onComplete(reply));
    return reply.future();
  }

  private Future<SourceReply> askAndBeHeard(RemoteRequests questions) {
    Future<SourceReply> reply = ask(questions, Duration.ofSeconds(30));
    await().until(() -> asked.size() == 1);
    return reply;
  }

  /** Waits until the event loop has done what it was given so far. */
  private void settle() {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(now -> done.complete());
    done.future().await();
  }

  @Test
  void whatIsUnansweredIsAskedAgainWithLessTime() {
    RemoteRequests questions = questions();
    Future<SourceReply> reply = askAndBeHeard(questions);
    await().pollDelay(Duration.ofMillis(20)).until(() -> true);
    questions.nodeLost();
    await().until(() -> asked.size() == 2);
    assertThat(asked.get(1).body()).isEqualTo(asked.get(0).body());
    assertThat(asked.get(1).headers().get(Addresses.EXCHANGE)).isEqualTo("x-1");
    assertThat(deadline(1)).isLessThan(deadline(0)).isPositive();

    asked.get(1).reply(Buffer.buffer("[1]"));
    assertThat(reply.await().value()).hasToString("[1]");
  }

  private long deadline(int index) {
    return Long.parseLong(asked.get(index).headers().get(Addresses.DEADLINE_MS));
  }

  @Test
  void theFirstAnswerCountsAndAFailureOnlyWhereNothingElseComes() {
    RemoteRequests questions = questions();
    Future<SourceReply> reply = askAndBeHeard(questions);
    questions.nodeLost();
    await().until(() -> asked.size() == 2);
    asked.get(1).fail(502, "broken");
    settle();
    assertThat(reply.isComplete()).isFalse();
    asked.get(0).reply(Buffer.buffer("[0]"));
    assertThat(reply.await().value()).hasToString("[0]");
  }

  @Test
  void aSecondLossDoesNotAskAThirdTime() {
    RemoteRequests questions = questions();
    Future<SourceReply> reply = askAndBeHeard(questions);
    questions.nodeLost();
    await().until(() -> asked.size() == 2);
    questions.nodeLost();
    settle();
    asked.get(1).reply(Buffer.buffer("[1]"));
    assertThat(reply.await().value()).hasToString("[1]");
    assertThat(asked).hasSize(2);
  }

  @Test
  void whatWasAnsweredOrIsNotWantedIsNotAskedAgain() {
    RemoteRequests questions = questions();
    Future<SourceReply> reply = askAndBeHeard(questions);
    cancellation.cancel();
    questions.nodeLost();
    settle();
    asked.get(0).reply(Buffer.buffer("[0]"));
    reply.await();
    questions.nodeLost();
    settle();
    assertThat(asked).hasSize(1);
  }

  @Test
  void aPostIsNotAskedAgain() {
    RemoteRequests questions = questions("sources.a.method=post");
    Future<SourceReply> reply = askAndBeHeard(questions);
    questions.nodeLost();
    settle();
    asked.get(0).reply(Buffer.buffer("[0]"));
    reply.await();
    assertThat(asked).hasSize(1);
  }

  @Test
  void aQuestionAskedTwiceEndsAtItsDeadline() {
    RemoteRequests questions = questions();
    Future<SourceReply> reply = ask(questions, Duration.ofSeconds(2));
    await().until(() -> asked.size() == 1);
    questions.nodeLost();
    assertThat(reply.await().ending()).isEqualTo(SourceReply.Ending.LATE);
    assertThat(asked).hasSize(2);
  }

  @Test
  void withoutAClusterNobodyThereIsNobodyThere() {
    RemoteRequests questions =
        new RemoteRequests(vertx, source("sources.a.address=x"), "rollcall.source.none");
    SourceReply reply = ask(questions, Duration.ofSeconds(30)).await();
    assertThat(reply.ending()).isEqualTo(SourceReply.Ending.BROKEN);
    assertThat(reply.detail()).isEqualTo("no handler");
  }
}
