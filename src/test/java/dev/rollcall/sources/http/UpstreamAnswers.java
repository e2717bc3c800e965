package dev.rollcall.sources.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * What an {@link Upstream} does, by the first segment of the path; further segments that are not
 * named here may follow.
 *
 * <table>
 *   <caption>Paths</caption>
 *   <tr><td>{@code /ok}<td>{@code {"path":"/ok/42"}}
 *   <tr><td>{@code /echo}<td>the request as JSON: method, path, headers, body
 *   <tr><td>{@code /slow/300}<td>as ok, after so many milliseconds
 *   <tr><td>{@code /drip/300}<td>the head and half of the body, the rest after so long
 *   <tr><td>{@code /status/503}<td>that status, with JSON
 *   <tr><td>{@code /long-status/503}<td>that status, and a body without end
 *   <tr><td>{@code /redirect}<td>302 to {@code /ok/1}
 *   <tr><td>{@code /type/text%2Fhtml}<td>JSON with that content type; none for an empty one
 *   <tr><td>{@code /text}<td>the query as the body, with a content type of JSON
 *   <tr><td>{@code /bytes/1000}<td>JSON of so many bytes, in chunks
 *   <tr><td>{@code /sized/1000}<td>the same with its length in front
 *   <tr><td>{@code /endless}<td>JSON that goes on and on, some bytes at a time
 *   <tr><td>{@code /gzip}<td>as ok, compressed
 *   <tr><td>{@code /bomb/1000000}<td>so many bytes, compressed
 *   <tr><td>{@code /bad-gzip}<td>says that it is compressed, and is not
 *   <tr><td>{@code /cut-gzip}<td>compressed, without its last bytes
 *   <tr><td>{@code /encoding/br}<td>as ok, saying that it is encoded so
 *   <tr><td>{@code /no-head}<td>breaks off before the head
 *   <tr><td>{@code /cut}<td>breaks off in the body, whose length was told
 *   <tr><td>{@code /cut-chunks}<td>breaks off in the body, which comes in chunks
 *   <tr><td>{@code /first/any/status/503}<td>as ok for the first time, to be kept for an hour, then what
 *       follows says
 *   <tr><td>{@code /last}<td>as ok, and closes the connection without having said so
 * </table>
 */
final class UpstreamAnswers {

  private static final int PIECE = 16 * 1024;

  /** What one path does. */
  private interface Answer {
    void write(UpstreamExchange exchange, HttpServerResponse response, String argument);
  }

  private final Vertx vertx;

  /** The paths below {@code /first} that were asked before. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private final Map<String, Answer> answers =
      Map.ofEntries(
          Map.entry("ok", (exchange, response, none) -> ok(exchange, response)),
          Map.entry("echo", (exchange, response, none) -> echo(exchange, response)),
          Map.entry("slow", this::slow),
          Map.entry("drip", this::drip),
          Map.entry("status", UpstreamAnswers::status),
          Map.entry("long-status", this::longStatus),
          Map.entry("redirect", (exchange, response, none) -> redirect(response)),
          Map.entry("type", UpstreamAnswers::type),
          Map.entry("text", (exchange, response, none) -> text(exchange, response)),
          Map.entry("bytes", (exchange, response, count) -> bytes(response, count, false)),
          Map.entry("sized", (exchange, response, count) -> bytes(response, count, true)),
          Map.entry("endless", (exchange, response, none) -> endless(exchange, response)),
          Map.entry("gzip", (exchange, response, none) -> gzip(response, okText(exchange))),
          Map.entry("bomb", (exchange, response, count) -> bomb(response, count)),
          Map.entry("bad-gzip", (exchange, response, none) -> badGzip(response)),
          Map.entry("cut-gzip", (exchange, response, none) -> cutGzip(response)),
          Map.entry("encoding", UpstreamAnswers::encoding),
          Map.entry("no-head", (exchange, response, none) -> exchange.breakOff()),
          Map.entry("cut", (exchange, response, none) -> cut(exchange, response, true)),
          Map.entry("cut-chunks", (exchange, response, none) -> cut(exchange, response, false)),
          Map.entry("last", (exchange, response, none) -> last(exchange, response)));

  UpstreamAnswers(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Does what the path says; 404 for one that says nothing. */
  void answer(UpstreamExchange exchange) {
    List<String> segments = List.of(exchange.request().path().split("/", -1));
    if (segments.get(1).equals("first")) {
      if (seen.add(exchange.path())) {
        HttpServerResponse response = exchange.request().response();
        ok(exchange, response.putHeader("cache-control", "max-age=3600"));
        return;
      }
      segments = segments.subList(2, segments.size());
    }
    HttpServerResponse response = exchange.request().response();
    Answer answer = answers.get(segments.get(1));
    if (answer == null) {
      response.setStatusCode(404).end();
    } else {
      answer.write(exchange, response, segments.size() > 2 ? segments.get(2) : "");
    }
  }

  private static HttpServerResponse json(HttpServerResponse response) {
    return response.putHeader("content-type", "application/json");
  }

  private static Buffer okText(UpstreamExchange exchange) {
    return new JsonObject().put("path", exchange.path()).toBuffer();
  }

  private static void ok(UpstreamExchange exchange, HttpServerResponse response) {
    json(response).end(okText(exchange));
  }

  private static void echo(UpstreamExchange exchange, HttpServerResponse response) {
    JsonObject headers = new JsonObject();
    exchange.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    JsonObject echo =
        new JsonObject()
            .put("method", exchange.method())
            .put("path", exchange.path())
            .put("version", exchange.version().name())
            .put("headers", headers)
            .put("body", exchange.body().toString());
    json(response).end(echo.toBuffer());
  }

  private void slow(UpstreamExchange exchange, HttpServerResponse response, String millis) {
    after(exchange, Long.parseLong(millis), () -> ok(exchange, response));
  }

  private void drip(UpstreamExchange exchange, HttpServerResponse response, String millis) {
    Buffer text = okText(exchange);
    int half = text.length() / 2;
    json(response).setChunked(true).write(text.getBuffer(0, half));
    after(
        exchange, Long.parseLong(millis), () -> response.end(text.getBuffer(half, text.length())));
  }

  /** Runs something later, unless the exchange has ended by then. */
  private void after(UpstreamExchange exchange, long millis, Runnable action) {
    vertx.setTimer(
        Math.max(1, millis),
        elapsed -> {
          if (!exchange.hasEnded()) {
            action.run();
          }
        });
  }

  private static void status(
      UpstreamExchange exchange, HttpServerResponse response, String status) {
    int code = Integer.parseInt(status);
    response.setStatusCode(code);
    if (code == 204 || code == 304) {
      response.end();
    } else {
      ok(exchange, response);
    }
  }

  private void longStatus(UpstreamExchange exchange, HttpServerResponse response, String status) {
    response.setStatusCode(Integer.parseInt(status));
    endless(exchange, response);
  }

  private static void redirect(HttpServerResponse response) {
    json(response).setStatusCode(302).putHeader("location", "/ok/1").end("{}");
  }

  private static void type(UpstreamExchange exchange, HttpServerResponse response, String type) {
    if (!type.isEmpty()) {
      response.putHeader("content-type", URLDecoder.decode(type, StandardCharsets.UTF_8));
    }
    response.end(okText(exchange));
  }

  private static void text(UpstreamExchange exchange, HttpServerResponse response) {
    String query = exchange.request().query();
    byte[] text =
        URLDecoder.decode(query == null ? "" : query, StandardCharsets.ISO_8859_1)
            .getBytes(StandardCharsets.ISO_8859_1);
    json(response).end(Buffer.buffer(text));
  }

  private static void bytes(HttpServerResponse response, String count, boolean sized) {
    long length = Long.parseLong(count);
    json(response);
    if (sized) {
      response.putHeader("content-length", count);
    } else {
      response.setChunked(true);
    }
    response.write(Buffer.buffer("\""));
    fill(response, length - 2);
  }

  /** Writes no faster than it is read. */
  private static void fill(HttpServerResponse response, long left) {
    long rest = left;
    while (rest > 0 && !response.writeQueueFull()) {
      int piece = (int) Math.min(rest, PIECE);
      response.write(Buffer.buffer("x".repeat(piece)));
      rest -= piece;
    }
    if (rest > 0) {
      long more = rest;
      response.drainHandler(drained -> fill(response, more));
    } else {
      response.drainHandler(null).end("\"");
    }
  }

  private void endless(UpstreamExchange exchange, HttpServerResponse response) {
    json(response).setChunked(true).write("[0");
    vertx.setPeriodic(
        5,
        timer -> {
          if (exchange.hasEnded()) {
            vertx.cancelTimer(timer);
          } else {
            response.write(",0");
            exchange.wrotePiece();
          }
        });
  }

  private static void gzip(HttpServerResponse response, Buffer text) {
    json(response).putHeader("content-encoding", "gzip").end(zipped(text.getBytes()));
  }

  private static void bomb(HttpServerResponse response, String count) {
    gzip(response, Buffer.buffer("\"" + "x".repeat(Integer.parseInt(count)) + "\""));
  }

  private static Buffer zipped(byte[] text) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(zipped.toByteArray());
  }

  private static void badGzip(HttpServerResponse response) {
    json(response).putHeader("content-encoding", "gzip").end("{\"not\":\"compressed\"}");
  }

  private static void cutGzip(HttpServerResponse response) {
    Buffer whole = zipped("[1,2,3,4,5]".getBytes(StandardCharsets.UTF_8));
    json(response)
        .putHeader("content-encoding", "gzip")
        .end(whole.getBuffer(0, whole.length() - 4));
  }

  private static void encoding(
      UpstreamExchange exchange, HttpServerResponse response, String encoding) {
    response.putHeader("content-encoding", encoding);
    ok(exchange, response);
  }

  private static void cut(UpstreamExchange exchange, HttpServerResponse response, boolean sized) {
    json(response);
    if (sized) {
      response.putHeader("content-length", "1000");
    } else {
      response.setChunked(true);
    }
    response.write("[1,2").onComplete(written -> exchange.breakOff());
  }

  private static void last(UpstreamExchange exchange, HttpServerResponse response) {
    json(response)
        .end(okText(exchange))
        .onComplete(written -> exchange.request().connection().close());
  }
}
