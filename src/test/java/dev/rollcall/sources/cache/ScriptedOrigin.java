package dev.rollcall.sources.cache;

import dev.rollcall.sources.http.RawUpstream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A source that answers as it is told, with whatever heads; the body tells how often that URL was
 * asked. An answer that is not scripted is the last one again. Safe for use by all threads.
 */
final class ScriptedOrigin implements AutoCloseable {
  /** No answer. */
  static final String CLOSE = "close";

  /** What came of a URL, and what goes. */
  private static final class Resource {
    private final List<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Resource(List<String> answers) {
      this.answers = answers;
    }
  }

  private final Map<String, Resource> resources = new ConcurrentHashMap<>();

  /** The answers that wait; null where they go at once. */
  private @Nullable List<Runnable> held;

  private final RawUpstream upstream = new RawUpstream(this::connected);

  /** Has the answers to a path begin anew: the status and then the headers, a line each. */
  void script(String path, String... answers) {
    resources.put(path, new Resource(List.of(answers)));
  }

  /** From now on answers wait until they are released. */
  synchronized void hold() {
    held = new ArrayList<>();
  }

  /** Sends what waits, and all that comes later. */
  void release() {
    List<Runnable> waiting;
    synchronized (this) {
      waiting = held == null ? List.of() : held;
      held = null;
    }
    waiting.forEach(Runnable::run);
  }

  private synchronized boolean holds(Runnable answer) {
    return held != null && held.add(answer);
  }

  String url(String path) {
    return upstream.url(path);
  }

  /** How often a path was asked. */
  int asked(String path) {
    return resource(path).requests.size();
  }

  /** The value of a header of the last request to a path; null for none. */
  @Nullable String lastHeader(String path, String name) {
    List<String> requests = resource(path).requests;
    for (String line : requests.get(requests.size() - 1).split("\r\n", 0)) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return null;
  }

  private Resource resource(String path) {
    return resources.computeIfAbsent(path, any -> new Resource(List.of("200")));
  }

  private void connected(NetSocket socket) {
    Buffer received = Buffer.buffer();
    socket.handler(
        bytes -> {
          received.appendBuffer(bytes);
          String text = received.toString();
          int end = text.indexOf("\r\n\r\n");
          if (end >= 0 && (!text.startsWith("POST") || text.endsWith("}"))) {
            String head = text.substring(0, end);
            Runnable answer = answer(socket, head);
            if (!holds(answer)) {
              answer.run();
            }
          }
        });
  }

  private Runnable answer(NetSocket socket, String head) {
    Resource resource = resource(head.split(" ", 3)[1]);
    resource.requests.add(head);
    int number = resource.requests.size();
    String answer = resource.answers.get(Math.min(number, resource.answers.size()) - 1);
    return answer.equals(CLOSE)
        ? socket::close
        : () -> socket.end(Buffer.buffer(text(answer, number), "ISO-8859-1"));
  }

  private static String text(String answer, int number) {
    StringBuilder text = new StringBuilder();
    String[] lines = answer.split("\n", 0);
    int first = 0;
    if (lines[0].startsWith("+")) {
      text.append("HTTP/1.1 ").append(lines[0].substring(1)).append(" Interim\r\nA: b\r\n\r\n");
      first = 1;
    }
    String status = lines[first];
    text.append("HTTP/1.1 ").append(status).append(" Scripted\r\nConnection: close\r\n");
    for (int line = first + 1; line < lines.length; line++) {
      text.append(lines[line]).append("\r\n");
    }
    if (!answer.contains("Content-Type:")) {
      text.append("Content-Type: application/json\r\n");
    }
    boolean bodiless = status.equals("204") || status.equals("304");
    String body = bodiless ? "" : "{\"n\":" + number + "}";
    text.append(bodiless ? "" : "Content-Length: " + body.length() + "\r\n");
    return text.append("\r\n").append(body).toString();
  }

  @Override
  public void close() {
    upstream.close();
  }
}
