package dev.rollcall;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A client of the bridge: a plain WebSocket, and the messages that came over it. */
final class WebSocketClient implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final List<String> received = new ArrayList<>();
  private final WebSocket socket;

  WebSocketClient(URI rollcall) {
    URI uri = URI.create("ws://" + rollcall.getAuthority() + "/eventbus/websocket");
    socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, new Inbox()).join();
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  /** Waits until a message of that form has come, and takes it; others may come before it. */
  void await(Pattern form) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    synchronized (received) {
      while (!received.removeIf(message -> form.matcher(message).matches())) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("no message like " + form + ", but " + received);
        }
        received.wait(left);
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Inbox implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        synchronized (received) {
          received.add(text.toString());
          received.notifyAll();
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
