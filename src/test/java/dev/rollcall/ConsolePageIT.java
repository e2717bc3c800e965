package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a browser: of what scripts/demo --console starts, and of a process with keys. */
class ConsolePageIT {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";
  private static final Pattern SHOP = Pattern.compile("DEMO_SHOP=(http:\\S+)");

  @TempDir Path folder;
  private final List<Process> programs = new ArrayList<>();

  @AfterEach
  void endPrograms() throws InterruptedException {
    for (Process program : programs) {
      program.destroyForcibly();
      program.waitFor();
    }
  }

  @Test
  void whatHappensIsSeenWhileItHappens() throws Exception {
    Browser browser = Browser.assumed(folder);
    Path log = program("Shop");
    String shop = awaitLine(log, SHOP);
    RollcallProcess.Launch launch =
        RollcallProcess.in(folder).env("DEMO_SHOP", shop).env("DEMO_FOLDER", folder.toString());
    String conf = Path.of("scripts", "demo.d", "console.yaml").toAbsolutePath().toString();
    RollcallProcess rollcall = launch.start("--conf", conf);
    HttpServer control =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<RollcallProcess> started = new ArrayList<>(List.of(rollcall));
    try {
      String http = rollcall.http().toString();
      awaitLine(program("Traffic", http, "40"), Pattern.compile("(Ready at work)"));
      launch.set("http.port", Integer.toString(rollcall.http().getPort()));
      launch.set("management.port", Integer.toString(rollcall.management().getPort()));
      control.createContext("/lose", exchange -> answer(exchange, rollcall::kill));
      control.createContext(
          "/find", exchange -> answer(exchange, () -> started.add(launch.start("--conf", conf))));
      control.start();
      JsonNode seen =
          browser.run(
              "console",
              new JsonObject()
                  .put("management", rollcall.management().toString())
                  .put("http", http)
                  .put("control", "http://127.0.0.1:" + control.getAddress().getPort()));
      // 100 ms on a machine of its own; here other tests run beside it.
      assertThat(seen.get("detailsMs").asDouble()).isLessThan(1000);
    } finally {
      control.stop(0);
      started.forEach(RollcallProcess::close);
    }
  }

  @Test
  void aKeyOpensWhatItsScopesSay() throws Exception {
    Browser browser = Browser.assumed(folder);
    try (RollcallProcess rollcall =
        RollcallProcess.in(folder)
            .set("auth.kind", "required")
            .set("auth.adminKey", ADMIN)
            .set("auth.secret", "s".repeat(32))
            // Nobody listens there.
            .set("sources.account.http", "http://127.0.0.1:1/{id}")
            .set("sources.account.erase.http", "http://127.0.0.1:1/{id}")
            .start()) {
      RollcallClient client = rollcall.client();
      String[] admin = {"Authorization", "Bearer " + ADMIN};
      assertThat(client.sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}", admin).statusCode())
          .isEqualTo(201);
      // No delivery goes to this machine where no setting allows it.
      String webhook = "{\"url\":\"https://127.0.0.1/a%3Cb%3E?token=1\",\"after\":0}";
      assertThat(client.sendJson("PUT", "/webhooks/billing", webhook, admin).statusCode())
          .isEqualTo(201);
      assertThat(client.sendJson("PUT", "/followers/archive", "{}", admin).statusCode())
          .isEqualTo(201);
      assertThat(
              client.sendJson("PUT", "/users/2", "{\"name\":\"Brünnhilde\"}", admin).statusCode())
          .isEqualTo(201);
      assertThat(client.send("POST", "/users/2/erasure", admin).statusCode()).isEqualTo(202);
      JsonObject wanted =
          new JsonObject().put("name", "reader").put("scopes", new JsonArray().add("users:read"));
      String key =
          new JsonObject(client.sendJson("POST", "/keys", wanted.encode(), admin).body())
              .getString("key");
      browser.run(
          "console-key",
          new JsonObject()
              .put("management", rollcall.management().toString())
              .put("http", rollcall.http().toString())
              .put("keys", new JsonObject().put("users", key).put("all", ADMIN)));
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void answer(HttpExchange exchange, Action action) throws IOException {
    int status = 204;
    try {
      action.run();
    } catch (Exception e) {
      status = 500;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Starts one of the programs of the demo, as the script does; gives where it writes. */
  private Path program(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("rollcall.jar"));
    command.add("scripts/demo.d/" + name + ".java");
    command.addAll(List.of(arguments));
    Path out = folder.resolve(name + ".out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    programs.add(process);
    return out;
  }

  private static String awaitLine(Path log, Pattern line) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              Matcher found = line.matcher(Files.readString(log));
              return found.find() ? found.group(1) : "";
            },
            text -> !text.isEmpty());
  }
}
