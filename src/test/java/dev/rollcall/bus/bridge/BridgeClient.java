package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Awaiting;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of the bridge, over a plain WebSocket or over SockJS', that sees each frame. */
public final class BridgeClient implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  public final WebSocket socket;
  private final WebSocketClient client;
  private final boolean sockJs;
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private int asked;

  private BridgeClient(Vertx vertx, int port, String path, WebSocketClientOptions options) {
    client =
        vertx.createWebSocketClient(options.setMaxFrameSize(1 << 26).setMaxMessageSize(1 << 26));
    sockJs = !path.equals("/eventbus/websocket");
    socket =
        Awaiting.await(
            client
                .connect(
                    new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path))
                .onSuccess(opened -> opened.textMessageHandler(this::heard)));
  }

  /** One at another address of this machine. */
  public static BridgeClient from(Vertx vertx, int port, String address, boolean sockJs) {
    WebSocketClientOptions options = new WebSocketClientOptions();
    options.setLocalAddress(address);
    String path = sockJs ? "/eventbus/042/a-session/websocket" : "/eventbus/websocket";
    return new BridgeClient(vertx, port, path, options);
  }

  /** One over a plain WebSocket. */
  public static BridgeClient plain(Vertx vertx, int port) {
    return new BridgeClient(vertx, port, "/eventbus/websocket", new WebSocketClientOptions());
  }

  /** One over SockJS, as Vert.x' own client is. */
  public static BridgeClient sockJs(Vertx vertx, int port) {
    return new BridgeClient(
        vertx, port, "/eventbus/042/a-session/websocket", new WebSocketClientOptions());
  }

  private void heard(String text) {
    if (!sockJs || text.startsWith("c")) {
      texts.add(text);
    } else if (text.startsWith("a")) {
      new JsonArray(text.substring(1)).forEach(each -> texts.add((String) each));
    }
  }

  /** Sends a message as it is. */
  public BridgeClient raw(String text) {
    Awaiting.await(socket.writeTextMessage(sockJs ? new JsonArray().add(text).encode() : text));
    return this;
  }

  public BridgeClient send(JsonObject message) {
    return raw(message.encode());
  }

  /** Listens at an address, and waits until it does. */
  public BridgeClient listen(String address) {
    send(message("register", address, null).put("replyAddress", "listening"));
    assertThat(next().getString("address")).isEqualTo("listening");
    return this;
  }

  /** Sends a message, and waits for what comes of it. */
  public JsonObject ask(String address, @Nullable Object body) {
    return ask(address, body, new JsonObject());
  }

  public JsonObject ask(String address, @Nullable Object body, JsonObject headers) {
    String name = "ask-" + ++asked;
    send(message("send", address, body).put("headers", headers).put("replyAddress", name));
    JsonObject reply = next();
    assertThat(reply.getString("address")).isEqualTo(name);
    return reply;
  }

  public static JsonObject message(String type, String address, @Nullable Object body) {
    return new JsonObject().put("type", type).put("address", address).put("body", body);
  }

  /** The next message. */
  public JsonObject next() {
    return new JsonObject(nextText());
  }

  public String nextText() {
    try {
      String text = texts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(text).as("the next message").isNotNull();
      return text;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What has come and was not waited for. */
  public List<String> unread() {
    return List.copyOf(texts);
  }

  @Override
  public void close() {
    Awaiting.await(client.close());
  }
}
