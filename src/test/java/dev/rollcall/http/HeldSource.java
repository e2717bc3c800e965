package dev.rollcall.http;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A source on the event bus that answers nothing before its test does. */
final class HeldSource {

  private final BlockingQueue<Message<JsonObject>> questions = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  HeldSource(Vertx vertx, String address) {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            address,
            question -> {
              asked.incrementAndGet();
              questions.add(question);
            });
  }

  /** How often it was asked so far. */
  int asked() {
    return asked.get();
  }

  /** The next question, once it is there. */
  Message<JsonObject> next() {
    try {
      Message<JsonObject> question = questions.poll(10, TimeUnit.SECONDS);
      if (question == null) {
        throw new IllegalStateException("the source was not asked");
      }
      return question;
    } catch (InterruptedException e) {
      throw new IllegalStateException("the test was stopped", e);
    }
  }

  /** The next question about a user, once it is there; earlier ones are forgotten. */
  Message<JsonObject> nextAbout(int id) {
    Message<JsonObject> question = next();
    while (id(question) != id) {
      question = next();
    }
    return question;
  }

  /** About whom a question is. */
  static int id(Message<JsonObject> question) {
    return question.body().getInteger("id");
  }
}
