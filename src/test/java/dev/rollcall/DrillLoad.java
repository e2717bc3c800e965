package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Requests at all nodes in turn, so many a second whatever becomes of the earlier ones: of ten,
 * five reads, two replacements, one creation and two views. A request whose connection is refused
 * or closed is repeated once at the next node, with the same {@code Idempotency-Key} where it
 * writes.
 *
 * <p>With {@code checked}, as behind a load balancer, a node that is not ready is left out; else
 * all nodes get their share whatever happens to them. All is done on one event loop.
 */
final class DrillLoad implements AutoCloseable {

  /** Requests a second: 500 in {@code scripts/drill}, and half of that where tests run beside. */
  static final int RATE = System.getProperty("rollcall.drill", "false").equals("false") ? 250 : 500;

  private static final int PER_TICK = 5;
  private static final int TICK_MILLIS = 1000 * PER_TICK / RATE;

  /** Users of each node that are read and replaced, at all nodes. */
  private static final int COUNTERS = 700;

  private static final long ANSWER_MILLIS = 5000;
  private static final long CHECK_MILLIS = 300;

  /** What went wrong, and when: at its end, and when it was begun. */
  record Failed(long began, long at, String what) {}

  private record Answer(int status, String body) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = client();
  private final List<URI> nodes;
  private final Set<URI> out = ConcurrentHashMap.newKeySet();
  private final int firstId;
  private final DrillLedger ledger;
  private final List<Failed> failures = new CopyOnWriteArrayList<>();
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final DrillLatencies latencies = new DrillLatencies();
  private volatile long lastWritten;
  private int turn;
  private long due;
  private final AtomicInteger inFlight = new AtomicInteger();
  private long timer;

  /**
   * @param management where to ask whether the nodes are ready, in their order; none to leave that
   */
  DrillLoad(DrillCluster cluster, List<URI> management) {
    this.nodes = cluster.http();
    this.firstId = cluster.reserveIds();
    this.ledger = new DrillLedger("Created " + firstId + "-");
    nodes.forEach(this::warm);
    for (int i = 0; i < management.size(); i++) {
      URI node = nodes.get(i);
      URI asked = management.get(i);
      vertx.setPeriodic(CHECK_MILLIS, check -> check(node, asked));
    }
    due = System.nanoTime();
    timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
  }

  /** Has a node import its share of the users, and do once what it is going to do under load. */
  private void warm(URI node) {
    RollcallClient client = new RollcallClient(node);
    int first = firstId + nodes.indexOf(node) * COUNTERS;
    client.importLines(
        IntStream.range(first, first + COUNTERS)
            .mapToObj(id -> DrillLedger.draft(id, 1).put("id", id).encode())
            .toList());
    for (int id = first; id < first + COUNTERS; id++) {
      ledger.add(id);
    }
    String user = "/users/" + first;
    String same = DrillLedger.draft(first, 1).encode();
    assertThat(client.sendJson("PUT", user, same).statusCode()).isEqualTo(200);
    assertThat(client.send("GET", user).statusCode()).isEqualTo(200);
    assertThat(client.send("GET", user + "/views/fast").statusCode()).isEqualTo(200);
  }

  private HttpClientAgent client() {
    return vertx.createHttpClient(
        new HttpClientOptions().setConnectTimeout(1000).setKeepAliveTimeout(5),
        new PoolOptions().setHttp1MaxSize(256));
  }

  private void check(URI node, URI management) {
    send(management, request(HttpMethod.GET, "/health/ready", ""), "", 500)
        .onSuccess(
            answer -> {
              if (answer.status() == 200) {
                out.remove(node);
              } else {
                out.add(node);
              }
            })
        .onFailure(fault -> out.add(node));
  }

  private void tick() {
    // A tick that comes late is made up for by the ones after it.
    due += TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    for (int i = 0; i < PER_TICK; i++) {
      switch (turn++ % 10) {
        case 0, 2, 4, 6, 8 -> read(ledger.any(turn * 7919));
        case 1, 7 -> replace();
        case 5 -> create();
        default -> view();
      }
    }
  }

  private void read(DrillLedger.Counter counter) {
    int atLeast = counter.atLeast();
    ask(HttpMethod.GET, "/users/" + counter.id, "")
        .onSuccess(
            answer -> {
              JsonObject attributes = new JsonObject(answer.body()).getJsonObject("attributes");
              if (attributes.getInteger("n") < atLeast) {
                wrong.add("a stale read: " + answer.body() + " instead of " + atLeast);
              }
            });
  }

  private void view() {
    ask(HttpMethod.GET, "/users/" + firstId + "/views/fast", "");
  }

  private void replace() {
    DrillLedger.Counter counter = ledger.take();
    if (counter != null) {
      ask(HttpMethod.PUT, "/users/" + counter.id, counter.nextBody())
          .onSuccess(answer -> ledger.replaced(counter))
          .onSuccess(answer -> lastWritten = System.nanoTime())
          .onFailure(
              fault -> {
                if (isNotWritten(fault)) {
                  ledger.notReplaced(counter);
                } else {
                  ledger.maybeReplaced(counter);
                }
              });
    }
  }

  private void create() {
    String name = ledger.newName();
    ask(HttpMethod.POST, "/users", "{\"name\":\"%s\"}".formatted(name))
        .onSuccess(answer -> ledger.created(name, new JsonObject(answer.body()).getLong("id")))
        .onSuccess(answer -> lastWritten = System.nanoTime())
        .onFailure(
            fault -> {
              if (isNotWritten(fault)) {
                ledger.notCreated(name);
              } else {
                ledger.maybeCreated(name);
              }
            });
  }

  private static boolean isNotWritten(Throwable fault) {
    return String.valueOf(fault.getMessage()).startsWith("503 not written");
  }

  /** Asks as a client of the cluster does; fails with what such a client is told. */
  private Future<Answer> ask(HttpMethod method, String path, String body) {
    String op = UUID.randomUUID().toString();
    URI first = next();
    long began = System.nanoTime();
    long dueAt = due;
    inFlight.incrementAndGet();
    return send(first, request(method, path, op), body, ANSWER_MILLIS)
        .recover(
            fault ->
                isRepeated(fault)
                    ? send(other(first), request(method, path, op), body, ANSWER_MILLIS)
                    : Future.failedFuture(fault))
        .compose(
            answer ->
                answer.status() / 100 == 2
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(told(answer)))
        .onComplete(either -> latencies.add(dueAt, System.nanoTime()))
        .onComplete(
            answer -> {
              inFlight.decrementAndGet();
              answered.incrementAndGet();
            },
            fault -> {
              inFlight.decrementAndGet();
              failures.add(
                  new Failed(began, System.nanoTime(), method + " " + path + ": " + fault));
            });
  }

  private IllegalStateException told(Answer answer) {
    String detail = answer.body();
    if (detail.startsWith("{")) {
      detail = new JsonObject(detail).getString("detail", detail);
    }
    if (answer.status() != 503 && answer.status() != 504 && answer.status() != 502) {
      wrong.add(answer.status() + " " + detail);
    }
    return new IllegalStateException(answer.status() + " " + detail);
  }

  private URI next() {
    for (int i = 0; i < nodes.size(); i++) {
      URI node = nodes.get(Math.floorMod(turn + i, nodes.size()));
      if (!out.contains(node)) {
        return node;
      }
    }
    return nodes.get(Math.floorMod(turn, nodes.size()));
  }

  private URI other(URI asked) {
    URI next = nodes.get((nodes.indexOf(asked) + 1) % nodes.size());
    return out.contains(next) ? nodes.get((nodes.indexOf(asked) + 2) % nodes.size()) : next;
  }

  private static boolean isRepeated(Throwable fault) {
    return fault instanceof ConnectException
        || fault instanceof SocketException
        || fault instanceof HttpClosedException;
  }

  private static RequestOptions request(HttpMethod method, String path, String op) {
    RequestOptions options = new RequestOptions().setMethod(method).setURI(path);
    return method.equals(HttpMethod.GET)
        ? options
        : options.putHeader("Content-Type", "application/json").putHeader("Idempotency-Key", op);
  }

  /**
   * Fails where the whole of it, the connection included, takes longer than so many milliseconds.
   */
  private Future<Answer> send(URI node, RequestOptions options, String body, long millis) {
    Future<HttpClientRequest> requested =
        http.request(options.setHost(node.getHost()).setPort(node.getPort()));
    return requested
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(answer -> answer.body().map(b -> new Answer(answer.statusCode(), b.toString())))
        .timeout(millis, TimeUnit.MILLISECONDS)
        .onFailure(
            fault -> {
              if (fault instanceof TimeoutException) {
                requested.onSuccess(HttpClientRequest::reset);
              }
            });
  }

  long answered() {
    return answered.get();
  }

  /** How long requests took so far. */
  DrillLatencies latencies() {
    return latencies;
  }

  /** When a write was last acknowledged. */
  long lastWritten() {
    return lastWritten;
  }

  /** What failed so far. */
  List<Failed> failures() {
    return failures;
  }

  /** Answers that no failure explains: stale reads, statuses that nobody should see. */
  List<String> wrong() {
    return wrong;
  }

  /** Waits until so many more are answered. */
  void awaitAnswers(int more) {
    long until = answered.get() + more;
    await().until(() -> answered.get() >= until);
  }

  /** Sends no more, and waits for what is under way. */
  DrillLedger stop() {
    vertx.cancelTimer(timer);
    // What was sent in the same tick is counted in flight by then.
    await().until(() -> inFlight.get() == 0);
    return ledger;
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    vertx.close().await();
  }
}
