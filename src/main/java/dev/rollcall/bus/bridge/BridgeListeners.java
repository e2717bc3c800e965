package dev.rollcall.bus.bridge;

import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a client of the bridge listens, and what it has been asked there and not answered yet.
 *
 * <p>A question is known to its client by a name that this socket alone gives and takes: the bus'
 * own addresses for replies can be guessed where there is one node. Belongs to the event loop of
 * its socket.
 */
final class BridgeListeners {

  /** It comes after the work, of which it must not say that it was not done. */
  private static final String FULL =
      "outcome-unknown: too much is on its way to clients for this reply; repeat it later";

  private static final int UNAVAILABLE = 503;
  private static final int TOO_MANY = 429;
  private static final int BAD_GATEWAY = 502;

  private static final String NO_JSON = "what was sent is not JSON";
  private static final String GONE = "whoever listened there is gone";

  private final EventBus bus;
  private final BridgeGate gate;
  private final BridgeSession session;
  private final Map<String, MessageConsumer<Object>> consumers = new HashMap<>();
  private final Map<String, Question> questions = new LinkedHashMap<>();
  private long asked;
  private boolean retired;

  /**
   * Something that the client was asked.
   *
   * @param message to be replied to
   * @param until when whoever asked waits, by {@link System#nanoTime()}
   */
  private record Question(Message<Object> message, long until) {}

  BridgeListeners(EventBus bus, BridgeGate gate, BridgeSession session) {
    this.bus = bus;
    this.gate = gate;
    this.session = session;
  }

  /** At how many addresses it listens. */
  int count() {
    return consumers.size();
  }

  /** Listens at an address from now on; a client that gives a replyAddress is told when it does. */
  void register(BridgeMessage message) {
    String address = message.address();
    if (!gate.addresses().mayListen(address)) {
      session.refuse(message, BridgeRefusal.ACCESS_DENIED);
    } else if (retired) {
      session.refuse(message, BridgeRefusal.ENDING);
    } else if (consumers.containsKey(address)) {
      session.refuse(message, BridgeRefusal.ADDRESS_ALREADY_REGISTERED);
    } else if (session.handlers() >= gate.settings().limits().handlers()) {
      session.refuse(message, BridgeRefusal.MAX_HANDLERS_REACHED);
    } else {
      MessageConsumer<Object> consumer = bus.consumer(address, heard -> deliver(address, heard));
      consumers.put(address, consumer);
      consumer
          .completion()
          .onComplete(
              registered -> confirm(message),
              fault -> {
                consumers.remove(address, consumer);
                session.refuse(message, BridgeRefusal.REGISTRATION_FAILURE);
              });
    }
  }

  /** Listens there no more; that it did not is no fault. */
  void unregister(BridgeMessage message) {
    if (!gate.addresses().mayListen(message.address())) {
      session.refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    MessageConsumer<Object> consumer = consumers.remove(message.address());
    if (consumer == null) {
      confirm(message);
    } else {
      consumer.unregister().onComplete(done -> confirm(message));
    }
  }

  private void confirm(BridgeMessage message) {
    if (message.replyAddress() != null) {
      session.write(BridgeReply.done(message.replyAddress()));
    }
  }

  /** Passes on what was heard; who wants an answer to it gets one in any case. */
  private void deliver(String address, Message<Object> message) {
    String body = BridgeReply.body(message, false);
    if (!isAsking(message)) {
      if (body != null) {
        session.write(BridgeReply.message(address, body, message.headers(), null));
      }
    } else if (body == null) {
      message.fail(BAD_GATEWAY, NO_JSON);
    } else if (mayAsk(message)) {
      session.write(BridgeReply.message(address, body, message.headers(), ask(message)));
    }
  }

  /**
   * Passes a reply on, under the client's own name for it.
   *
   * @param asText whether the text of JSON was asked for
   */
  void deliverReply(String replyAddress, Message<Object> reply, boolean asText) {
    String body = BridgeReply.body(reply, asText);
    if (body == null) {
      session.write(BridgeReply.failure(replyAddress, BAD_GATEWAY, NO_JSON));
    } else {
      String question = isAsking(reply) && mayAsk(reply) ? ask(reply) : null;
      if (!session.writeReply(BridgeReply.message(replyAddress, body, reply.headers(), question))) {
        session.write(BridgeReply.failure(replyAddress, UNAVAILABLE, FULL));
      }
    }
  }

  private static boolean isAsking(Message<Object> message) {
    return message.replyAddress() != null;
  }

  /** Whether the client can be asked one more thing; who asks is told where it can't. */
  private boolean mayAsk(Message<Object> message) {
    if (retired) {
      message.fail(UNAVAILABLE, GONE);
    } else if (questions.size() >= gate.settings().limits().handlers()) {
      message.fail(TOO_MANY, "too much is left unanswered there");
    } else {
      return true;
    }
    return false;
  }

  private String ask(Message<Object> message) {
    String name = "reply-" + ++asked;
    long given = millis(message);
    long most = gate.settings().replyTimeout().toMillis();
    long millis = given < 1 ? most : Math.min(most, given);
    questions.put(
        name, new Question(message, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
    return name;
  }

  private static long millis(Message<Object> message) {
    String given = message.headers().get(Addresses.DEADLINE_MS);
    return given == null ? -1 : WholeNumber.parse(given);
  }

  /** Whether a message answers what this client was asked. */
  boolean awaits(BridgeMessage message) {
    return questions.containsKey(message.address());
  }

  /** Passes an answer on to whoever asked. */
  void answer(BridgeMessage message, DeliveryOptions options) throws BridgeMessage.Refused {
    int failure = message.failureCode();
    Question question = questions.remove(message.address());
    if (question == null) {
      session.refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    Message<Object> asked = question.message();
    if (failure != 0) {
      asked.fail(failure, message.failureMessage());
      return;
    }
    boolean asText = Addresses.BYTES.equals(asked.headers().get(Addresses.ANSWER));
    @Nullable Object body = message.busBody(asText);
    if (message.replyAddress() == null) {
      asked.reply(body, options);
    } else {
      session.await(message.replyAddress(), asked.replyAndRequest(body, options), false);
    }
  }

  /** Forgets what nobody waits for any more. */
  void forget(long now) {
    questions.values().removeIf(question -> now - question.until() > 0);
  }

  /** Whether there is something that the client may still answer. */
  boolean isAsked() {
    return !questions.isEmpty();
  }

  /** Listens nowhere any more; what the client has been asked, it may answer. */
  void retire() {
    retired = true;
    consumers.values().forEach(MessageConsumer::unregister);
    consumers.clear();
  }

  /** The client is gone: lets nobody wait for an answer that won't come. */
  void end() {
    retire();
    List<Question> open = List.copyOf(questions.values());
    questions.clear();
    open.forEach(question -> question.message().fail(UNAVAILABLE, GONE));
  }
}
