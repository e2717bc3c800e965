import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What goes on while a console is looked at: fetches of views, changes of users, passwords, and a
 * job now and then. The arguments are the address of Rollcall and how many fetches a second.
 */
public final class Traffic {

  private static final int USERS = 300;

  /** How often fetches are begun, in milliseconds. */
  private static final int TURN = 10;

  private static final int WARMING_SECONDS = 8;

  private static final List<String> VIEWS =
      List.of(
          "profile",
          "profile",
          "profile",
          "stock",
          "stock?mode=any",
          "basket",
          "basket?mode=sequential");

  private static final List<String> TEAMS = List.of("blue", "green", "red");

  private final Vertx vertx = Vertx.vertx();
  private final Random random = new Random(11);
  private final HttpClient client;
  private final String rollcall;
  private final double perTurn;
  private double due;

  private Traffic(String rollcall, int perSecond) {
    this.rollcall = rollcall;
    this.perTurn = perSecond * TURN / 1000.0;
    this.client =
        vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(500));
  }

  public static void main(String[] args) throws Exception {
    new Traffic(args[0], Integer.parseInt(args[1])).start();
  }

  private void start() throws Exception {
    String users =
        LongStream.rangeClosed(1, USERS).mapToObj(this::user).collect(Collectors.joining("\n"));
    send(HttpMethod.POST, "/users/import", "application/x-ndjson", users)
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    put("/users/1/password", "{\"password\":\"correct horse battery\"}");
    // A few at first, as long as the JVM has not compiled what it runs.
    long began = System.nanoTime();
    vertx.setPeriodic(
        TURN,
        timer -> {
          double warm = (System.nanoTime() - began) / 1e9 / WARMING_SECONDS;
          fetchSome(perTurn * Math.min(1, warm * warm));
        });
    vertx.setPeriodic(700, timer -> change());
    vertx.setPeriodic(1500, timer -> verify());
    vertx.setPeriodic(WARMING_SECONDS * 1000, 45_000, timer -> startJob());
    System.out.println("Ready at work");
  }

  private String user(long id) {
    return new JsonObject()
        .put("id", id)
        .put("name", "User " + id)
        .put("email", "user" + id + "@example.org")
        .put("attributes", new JsonObject().put("team", TEAMS.get((int) id % TEAMS.size())))
        .encode();
  }

  private void fetchSome(double more) {
    for (due += more; due >= 1; due--) {
      String view = VIEWS.get(random.nextInt(VIEWS.size()));
      int id = random.nextInt(40) == 0 ? USERS + 1 : 1 + random.nextInt(USERS);
      send(HttpMethod.GET, "/users/" + id + "/views/" + view, null, null);
    }
  }

  private void change() {
    int id = 2 + random.nextInt(USERS - 1);
    String team = TEAMS.get(random.nextInt(TEAMS.size()));
    String change = new JsonObject().put("attributes", new JsonObject().put("team", team)).encode();
    send(HttpMethod.PATCH, "/users/" + id, "application/merge-patch+json", change);
  }

  private void verify() {
    String right = random.nextInt(4) == 0 ? "wrong" : "correct horse battery";
    String body = new JsonObject().put("password", right).encode();
    send(HttpMethod.POST, "/users/1/password/verify", "application/json", body);
  }

  private void startJob() {
    String job =
        new JsonObject().put("view", "profile").put("all", true).put("concurrency", 2).encode();
    send(HttpMethod.POST, "/jobs", "application/json", job);
  }

  private void put(String path, String body) {
    send(HttpMethod.PUT, path, "application/json", body);
  }

  /** The end of the answer; what went wrong is for the console to show. */
  private Future<Buffer> send(HttpMethod method, String path, String type, String body) {
    RequestOptions options = new RequestOptions().setMethod(method).setAbsoluteURI(rollcall + path);
    if (type != null) {
      options.putHeader("Content-Type", type);
    }
    byte[] trace = new byte[24];
    random.nextBytes(trace);
    String hex = HexFormat.of().formatHex(trace);
    options.putHeader("traceparent", "00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-00");
    return client
        .request(options)
        .compose(request -> body == null ? request.send() : request.send(Buffer.buffer(body)))
        .compose(HttpClientResponse::body);
  }
}
