package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rollcall.cluster.FreePorts;
import dev.rollcall.store.postgres.PostgresServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Erases a user whom three sources, two webhooks, a follower, the results of a job and a cache
 * know, while a source is down and the process is killed twice; then looks for him everywhere.
 */
@Timeout(120)
class ErasureIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String NAME = "Quirin Adlerflug";
  private static final String EMAIL = "quirin.adlerflug@example.org";

  /** Whatever form of the name and the address something keeps, a part of it is among these. */
  private static final List<String> TRACES = List.of("quirin", "adlerflug");

  /** Fails where a row of any table has one of them, as text or as bytes. */
  private static final String SEARCH =
      """
      DO $$
      DECLARE
        name text;
        found bigint;
      BEGIN
        FOR name IN SELECT table_name FROM information_schema.tables
          WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
        LOOP
          EXECUTE format('SELECT count(*) FROM %I t WHERE t::text ~* %L', name,
            'quirin|adlerflug|756972696e|646c6572666c7567') INTO found;
          IF found > 0 THEN
            RAISE EXCEPTION 'a trace of the user in %', name;
          END IF;
        END LOOP;
      END $$\
      """;

  private static final Duration SOON = Duration.ofSeconds(40);

  /** What stands before the 32 bytes of a public key (RFC 8410). */
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private HttpServer others;

  @BeforeEach
  void startOthers() throws IOException {
    others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    others.setExecutor(threads);
    others.createContext("/", this::answer);
    others.start();
  }

  @AfterEach
  void stopOthers() {
    others.stop(0);
    threads.shutdownNow();
  }

  /** Sources know everybody by the name of the user; receivers of webhooks take everything. */
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(exchange.getRequestMethod() + " " + path + " " + body);
    if (down.contains(path.split("/", -1)[1])) {
      exchange.sendResponseHeaders(503, -1);
    } else if (exchange.getRequestMethod().equals("GET")) {
      String who = path.endsWith("/42") ? NAME + " " + EMAIL : "somebody";
      byte[] answer = new JsonObject().put("knows", who).toBuffer().getBytes();
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } else {
      exchange.sendResponseHeaders(204, -1);
    }
    exchange.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + others.getAddress().getPort() + path;
  }

  private RollcallProcess.Launch launch(Path folder) {
    RollcallProcess.Launch launch =
        RollcallProcess.in(folder)
            .set("auth.secret", SECRET)
            .set("webhooks.allow", "127.0.0.0/8")
            .set("views.v.sources", "a,b,c")
            .set("credentials.memory", "1MiB");
    for (String source : List.of("a", "b", "c")) {
      launch.set("sources." + source + ".http", url("/" + source + "/{id}"));
      launch.set("sources." + source + ".maxAge", "1h");
      launch.set("sources." + source + ".erase.http", url("/" + source + "/{id}"));
    }
    return launch;
  }

  private RollcallProcess start(Path folder) {
    return launch(folder).start();
  }

  private RollcallProcess onPostgres(Path folder, String uri, List<Integer> ports, int node) {
    return launch(folder)
        .without("store.path")
        .set("store.kind", "postgres")
        .env("ROLLCALL_STORE_URI", uri)
        .set("cluster.members", "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1))
        .set("cluster.port", Integer.toString(ports.get(node)))
        .launch("--cluster");
  }

  private static JsonObject ask(RollcallProcess process, String method, String path, String body) {
    HttpResponse<String> answer =
        body.isEmpty()
            ? process.client().send(method, path)
            : process.client().sendJson(method, path, body);
    assertThat(answer.statusCode()).as(method + " " + path + answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  private void becomeKnown(RollcallProcess process) {
    for (String webhook : List.of("one", "two")) {
      String body = new JsonObject().put("url", url("/" + webhook)).put("payload", "full").encode();
      ask(process, "PUT", "/webhooks/" + webhook, body);
    }
    ask(process, "PUT", "/followers/f", "{}");
    for (int id = 41; id <= 43; id++) {
      String name = id == 42 ? NAME : "User " + id;
      String email = id == 42 ? EMAIL : "u" + id + "@example.org";
      JsonObject user = new JsonObject().put("name", name).put("email", email);
      ask(process, "PUT", "/users/" + id, user.encode());
      user.put("attributes", new JsonObject().put("nick", name));
      ask(process, "PUT", "/users/" + id, user.encode());
    }
    ask(process, "PUT", "/users/42/password", "{\"password\":\"correct horse\"}");
    assertThat(ask(process, "GET", "/users/42/views/v", "").encode()).contains(NAME);
    ask(process, "POST", "/jobs", "{\"view\":\"v\",\"ids\":[41,42,43]}");
    await().until(() -> results(process).size() == 3);
    assertThat(results(process)).anyMatch(line -> line.contains(NAME));
    await().until(() -> Stream.of("/one", "/two").allMatch(this::wasToldOfAll));
  }

  private boolean wasToldOfAll(String webhook) {
    return asked.stream().filter(each -> each.startsWith("POST " + webhook)).count() >= 6;
  }

  private static List<String> results(RollcallProcess process) {
    return process.client().send("GET", "/jobs/1/results").body().lines().toList();
  }

  private static String states(RollcallProcess process) {
    JsonObject erasure = ask(process, "GET", "/erasures/1", "");
    StringBuilder states = new StringBuilder(erasure.getString("state"));
    erasure
        .getJsonArray("targets")
        .forEach(
            each -> {
              JsonObject target = (JsonObject) each;
              states.append(' ').append(target.getString("name"));
              states.append(':').append(target.getString("state"));
            });
    return states.toString();
  }

  @Test
  void aUserIsErasedThoughASourceIsDownAndTheProcessIsKilledTwice(@TempDir Path folder)
      throws Exception {
    RollcallProcess process = start(folder);
    List<RollcallProcess> all = new ArrayList<>(List.of(process));
    try {
      becomeKnown(process);
      down.add("c");
      JsonObject begun = ask(process, "POST", "/users/42/erasure", "");
      process.kill();
      process = start(folder);
      all.add(process);
      RollcallProcess second = process;
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> states(second),
              "running a:erased b:erased c:failed one:erased two:erased f:pending"::equals);
      assertThat(second.client().sendJson("PUT", "/users/42", "{\"name\":\"A\"}").statusCode())
          .isEqualTo(409);
      process.kill();
      down.clear();
      process = start(folder);
      all.add(process);
      RollcallProcess third = process;
      ask(third, "POST", "/followers/f/position", "{\"seq\":" + begun.getLong("seq") + "}");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> states(third), state -> state.startsWith("complete"));
      verify(third);
      findNothing(third);
      third.terminate();
      third.awaitExit();
      findNothing(folder, all);
    } finally {
      all.forEach(RollcallProcess::close);
    }
  }

  @Test
  void ofTwoNodesWithPostgresAnotherEndsWhatAKilledOneBegan(@TempDir Path one, @TempDir Path two)
      throws Exception {
    String uri = PostgresServer.fresh("erasure_nodes");
    List<Integer> ports = FreePorts.find(2);
    List<RollcallProcess> nodes = new ArrayList<>();
    try {
      nodes.add(onPostgres(one, uri, ports, 0));
      nodes.add(onPostgres(two, uri, ports, 1));
      nodes.forEach(node -> await().atMost(SOON).until(() -> sees(node, 2)));
      RollcallProcess first = nodes.get(0);
      RollcallProcess second = nodes.get(1);
      becomeKnown(first);
      assertThat(ask(second, "GET", "/users/42/views/v", "").encode()).contains(NAME);
      down.add("c");
      JsonObject begun = ask(first, "POST", "/users/42/erasure", "");
      await().atMost(SOON).until(() -> states(second).contains("a:erased b:erased c:failed"));
      hasNoTrace("answers kept", second.client().send("GET", "/users/42/views/v").body());
      first.kill();
      down.clear();
      assertThat(second.client().sendJson("PUT", "/users/42", "{\"name\":\"A\"}").statusCode())
          .isEqualTo(409);
      ask(second, "POST", "/followers/f/position", "{\"seq\":" + begun.getLong("seq") + "}");
      await().atMost(SOON).until(() -> states(second).startsWith("complete"));
      verify(second);
      findNothing(second);
      second.terminate();
      second.awaitExit();
      findNothing(one, nodes);
      findNothing(two, nodes);
      PostgresServer.execute(uri, SEARCH);
    } finally {
      nodes.forEach(RollcallProcess::close);
    }
  }

  private static boolean sees(RollcallProcess node, int count) {
    return node.operator().send("GET", "/health/ready").statusCode() == 200
        && node.operator()
            .send("GET", "/metrics")
            .body()
            .contains("rollcall_cluster_nodes " + count + ".0");
  }

  /** By the JDK, as a program that knows no more than the address of the JWKS. */
  private static void verify(RollcallProcess process) throws Exception {
    String receipt = process.client().send("GET", "/erasures/1/receipt").body();
    JWSObject jws = JWSObject.parse(receipt);
    OctetKeyPair key =
        JWKSet.parse(process.client().send("GET", "/.well-known/jwks.json").body())
            .getKeyByKeyId(jws.getHeader().getKeyID())
            .toOctetKeyPair();
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.write(X509);
    encoded.write(key.getDecodedX());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(encoded.toByteArray())));
    signature.update(jws.getSigningInput());
    assertThat(signature.verify(jws.getSignature().decode())).isTrue();
    JsonObject said = new JsonObject(jws.getPayload().toString());
    assertThat(said).isEqualTo(ask(process, "GET", "/erasures/1", ""));
    assertThat(said.getString("state")).isEqualTo("complete");
    assertThat(said.getJsonArray("targets")).hasSize(6);
  }

  private static void hasNoTrace(String where, String text) {
    String folded = text.toLowerCase(Locale.ROOT);
    assertThat(TRACES).as(where).noneMatch(folded::contains);
  }

  /** What the process tells on both of its ports. */
  private static void findNothing(RollcallProcess process) {
    assertThat(results(process))
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).contains("\"id\":42,\"status\":410"));
    for (String path :
        List.of(
            "/users",
            "/users/export",
            "/users/changes?limit=100",
            "/followers/f/changes?limit=100",
            "/users/42",
            "/users/42/views/v",
            "/jobs",
            "/jobs/1/results",
            "/erasures/1",
            "/webhooks",
            "/webhooks/one/attempts",
            "/webhooks/two/attempts",
            "/followers")) {
      hasNoTrace(path, process.client().send("GET", path).body());
    }
    assertThat(process.client().send("GET", "/users/42").statusCode()).isEqualTo(404);
    for (String path : List.of("/metrics", "/fetches", "/nodes")) {
      hasNoTrace(path, process.operator().send("GET", path).body());
    }
  }

  /** What has been written, whatever it is: the database, its log, a backup, what was logged. */
  private static void findNothing(Path folder, List<RollcallProcess> all) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hasNoTrace(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    for (RollcallProcess each : all) {
      hasNoTrace("out", String.join("\n", each.out()));
      hasNoTrace("err", String.join("\n", each.err()));
    }
  }
}
