package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LoopAnswersTest {

  /** Runs on one event loop, whose contexts are as many as there are calls. */
  private static <T> T onLoop(Vertx vertx, Callable<Future<T>> task) {
    return Future.<T>future(
            end ->
                vertx.runOnContext(
                    turn -> {
                      try {
                        task.call().onComplete(end);
                      } catch (Exception e) {
                        end.fail(e);
                      }
                    }))
        .await();
  }

  /** As a reader's thread does. */
  private static void elsewhere(Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAnswerComesToTheEventLoopThatWaitsForIt(Vertx vertx) {
    LoopAnswers answers = new LoopAnswers(vertx);
    CompletableFuture<String> read = new CompletableFuture<>();
    Thread[] threads = new Thread[2];
    String answer =
        onLoop(
            vertx,
            () -> {
              threads[0] = Thread.currentThread();
              Future<String> told =
                  answers.onCaller(read).onSuccess(any -> threads[1] = Thread.currentThread());
              new Thread(() -> read.complete("found")).start();
              return told;
            });
    assertThat(answer).isEqualTo("found");
    assertThat(threads[1]).isSameAs(threads[0]);
  }

  @Test
  void aFaultComesAsItIs(Vertx vertx) {
    LoopAnswers answers = new LoopAnswers(vertx);
    IllegalStateException fault = new IllegalStateException("unreadable");
    CompletableFuture<String> read = new CompletableFuture<>();
    Throwable told =
        onLoop(
            vertx,
            () -> {
              Future<Throwable> failed =
                  answers.onCaller(read).transform(end -> Future.succeededFuture(end.cause()));
              new Thread(() -> read.completeExceptionally(fault)).start();
              return failed;
            });
    assertThat(told).isSameAs(fault);
  }

  /** A turn may be long: clients that are answered at once ask again within it. */
  @Test
  void whatHasComeIsDeliveredWithinTheTurnOnceSomethingElseIsAskedFor(Vertx vertx) {
    LoopAnswers answers = new LoopAnswers(vertx);
    List<String> order = new ArrayList<>();
    onLoop(
        vertx,
        () -> {
          CompletableFuture<String> first = new CompletableFuture<>();
          CompletableFuture<String> second = new CompletableFuture<>();
          Future<String> told = answers.onCaller(first).onSuccess(order::add);
          elsewhere(() -> first.complete("first"));
          order.add("nothing asked for yet");
          Future<String> other = answers.onCaller(second).onSuccess(order::add);
          order.add("end of the turn");
          elsewhere(() -> second.complete("second"));
          return Future.all(told, other);
        });
    assertThat(order)
        .containsExactly("nothing asked for yet", "first", "end of the turn", "second");
  }

  @Test
  void whoAsksForMoreWhenItIsAnsweredIsNotAnsweredWithinThat(Vertx vertx) {
    LoopAnswers answers = new LoopAnswers(vertx);
    List<String> order = new ArrayList<>();
    onLoop(
        vertx,
        () -> {
          CompletableFuture<String> read = new CompletableFuture<>();
          Future<String> told =
              answers
                  .onCaller(read)
                  .compose(
                      found -> {
                        order.add("begin");
                        Future<String> again = answers.onCaller(read).onSuccess(order::add);
                        order.add("end");
                        return again;
                      });
          elsewhere(() -> read.complete("found"));
          return told;
        });
    assertThat(order).containsExactly("begin", "end", "found");
  }

  @Test
  void whoIsOnNoEventLoopIsAnsweredAsWell(Vertx vertx) {
    CompletableFuture<String> read = CompletableFuture.completedFuture("found");
    assertThat(new LoopAnswers(vertx).onCaller(read).await()).isEqualTo("found");
  }
}
