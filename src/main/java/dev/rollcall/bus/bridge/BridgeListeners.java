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
 * The addresses where a client of the bridge listens, and the requests that it was sent there.
 *
 * <p>A client replies under a name that holds for its socket alone: the bus' own addresses for
 * replies can be guessed where there is one node. Belongs to the event loop of its socket.
 */
final class BridgeListeners {

  /** The work may be done by then. */
  private static final String FULL =
      "outcome-unknown: too much is on its way to clients for this reply; repeat it later";

  private static final int UNAVAILABLE = 503;
  private static final int TOO_MANY = 429;
  private static final int BAD_GATEWAY = 502;

  private static final String NO_JSON = "what was sent is not JSON";
  private static final String GONE = "whoever listened there is gone";

  private final EventBus bus;
  private final BridgeLimits limits;
  private final BridgeSession session;
  private final Map<String, MessageConsumer<Object>> consumers = new HashMap<>();
  private final Map<String, OpenRequest> requests = new LinkedHashMap<>();
  private long names;
  private boolean retired;

  /**
   * A message that the client is to reply to.
   *
   * @param until how long its sender waits, on the clock of {@link System#nanoTime()}
   */
  private record OpenRequest(Message<Object> message, long until) {}

  BridgeListeners(EventBus bus, BridgeLimits limits, BridgeSession session) {
    this.bus = bus;
    this.limits = limits;
    this.session = session;
  }

  int count() {
    return consumers.size();
  }

  /** Listens at an address; confirmed once it does, where the client gave a replyAddress. */
  void register(BridgeMessage message) {
    String address = message.address();
    if (!limits.addresses().mayListen(address)) {
      session.refuse(message, BridgeRefusal.ACCESS_DENIED);
    } else if (retired) {
      session.refuse(message, BridgeRefusal.ENDING);
    } else if (consumers.containsKey(address)) {
      session.refuse(message, BridgeRefusal.ADDRESS_ALREADY_REGISTERED);
    } else if (session.handlers() >= limits.settings().limits().handlers()) {
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

  /** Listens there no more; no fault where the client did not. */
  void unregister(BridgeMessage message) {
    if (!limits.addresses().mayListen(message.address())) {
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

  /** Passes a message on; a sender that waits for a reply gets one in any case. */
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
      String request = isAsking(reply) && mayAsk(reply) ? ask(reply) : null;
      if (!session.writeReply(BridgeReply.message(replyAddress, body, reply.headers(), request))) {
        session.write(BridgeReply.failure(replyAddress, UNAVAILABLE, FULL));
      }
    }
  }

  private static boolean isAsking(Message<Object> message) {
    return message.replyAddress() != null;
  }

  /** Whether the client can be sent one more request; its sender is told where it can't. */
  private boolean mayAsk(Message<Object> message) {
    if (retired) {
      message.fail(UNAVAILABLE, GONE);
    } else if (requests.size() >= limits.settings().limits().handlers()) {
      message.fail(TOO_MANY, "too much is left unanswered there");
    } else {
      return true;
    }
    return false;
  }

  private String ask(Message<Object> message) {
    String name = "reply-" + ++names;
    long given = millis(message);
    long most = limits.settings().replyTimeout().toMillis();
    long millis = given < 1 ? most : Math.min(most, given);
    requests.put(
        name, new OpenRequest(message, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
    session.settle();
    return name;
  }

  private static long millis(Message<Object> message) {
    String given = message.headers().get(Addresses.DEADLINE_MS);
    return given == null ? -1 : WholeNumber.parse(given);
  }

  /** Whether a message to an address is the reply to a request that this client was sent. */
  boolean awaits(@Nullable String address) {
    return requests.containsKey(address);
  }

  void answer(BridgeMessage message, DeliveryOptions options) throws BridgeMessage.Refused {
    int failure = message.failureCode();
    OpenRequest request = requests.get(message.address());
    if (request == null) {
      session.refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    Message<Object> asked = request.message();
    if (failure != 0) {
      requests.remove(message.address());
      asked.fail(failure, message.failureMessage());
      return;
    }
    boolean asText = Addresses.BYTES.equals(asked.headers().get(Addresses.ANSWER));
    // One that can't go onto the bus may be sent again.
    @Nullable Object body = message.busBody(asText);
    requests.remove(message.address());
    if (message.replyAddress() == null) {
      asked.reply(body, options);
    } else {
      session.await(message.replyAddress(), asked.replyAndRequest(body, options), false);
    }
  }

  void forget(long now) {
    requests.values().removeIf(request -> now - request.until() > 0);
  }

  boolean hasRequests() {
    return !requests.isEmpty();
  }

  /** Listens nowhere any more; the client may still reply to requests. */
  void retire() {
    retired = true;
    consumers.values().forEach(MessageConsumer::unregister);
    consumers.clear();
  }

  /** The client is gone: fails the requests that it would have replied to. */
  void end() {
    retire();
    List<OpenRequest> open = List.copyOf(requests.values());
    requests.clear();
    open.forEach(request -> request.message().fail(UNAVAILABLE, GONE));
  }
}
