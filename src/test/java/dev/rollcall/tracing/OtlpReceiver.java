package dev.rollcall.tracing;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** A collector that keeps what it is sent over OTLP, or answers as a test wants it to. */
public final class OtlpReceiver implements AutoCloseable {

  /** What it answers a batch with. */
  @FunctionalInterface
  public interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private static final Answer TAKE = OtlpReceiver::take;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile Answer answer = TAKE;

  public OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Answer now = answer;
    if (now == TAKE) {
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
      for (ResourceSpans resource : request.getResourceSpansList()) {
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          scope
              .getSpansList()
              .forEach(span -> spans.add(new ReceivedSpan(span, resource.getResource())));
        }
      }
    }
    try (exchange) {
      now.to(exchange);
    }
  }

  private static void take(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, -1);
  }

  /** The base of its address. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers so from now on, and keeps nothing. */
  public void answerWith(Answer other) {
    answer = other;
  }

  /** Takes and keeps what it is sent. */
  public void takeAgain() {
    answer = TAKE;
  }

  /** What came as {@code Authorization}, one for each batch. */
  public List<String> authorizations() {
    return authorizations;
  }

  public List<ReceivedSpan> spans() {
    return spans;
  }

  /** The spans of a trace, once so many are there that some condition holds for them. */
  public List<ReceivedSpan> awaitTrace(String traceId, Predicate<List<ReceivedSpan>> whole) {
    return await()
        .until(() -> spans.stream().filter(span -> span.traceId().equals(traceId)).toList(), whole);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
