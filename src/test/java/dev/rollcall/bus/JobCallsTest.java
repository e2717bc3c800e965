package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs over the event bus. No job runs here, so that each stays as it was started. */
class JobCallsTest {

  private static final String KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324";

  private @TempDir Path folder = Path.of("");
  private BusServer server;

  @BeforeEach
  void start() {
    server =
        new BusServer(
            folder, "sources.account.address=test.account", "views.profile.sources=account");
  }

  @AfterEach
  void stop() throws IOException {
    server.eachMessageHadOneReply();
    server.close();
  }

  private static JsonObject fetch(int id) {
    return new JsonObject().put("view", "profile").put("ids", new JsonArray().add(id));
  }

  @Test
  void aJobIsStartedFoundListedAndCancelledAsOverHttp() {
    JsonObject started = server.call("rollcall.jobs.start", fetch(1));
    JsonObject id = new JsonObject().put("id", started.getLong("id"));
    assertThat(started.getString("state")).isEqualTo("queued");
    assertThat(server.call("rollcall.jobs.get", id)).isEqualTo(started);
    String path = "/jobs/" + started.getLong("id");
    assertThat(server.http("GET " + path, null, Map.of()).bodyAsJsonObject()).isEqualTo(started);
    JsonObject second = server.call("rollcall.jobs.start", fetch(2));
    JsonObject page = server.call("rollcall.jobs.list", new JsonObject().put("limit", 1));
    assertThat(page.getJsonArray("items")).isEqualTo(new JsonArray().add(second));
    JsonObject rest =
        server.call("rollcall.jobs.list", new JsonObject().put("after", page.getString("next")));
    assertThat(rest.getJsonArray("items")).isEqualTo(new JsonArray().add(started));
    JsonObject cancelled = server.call("rollcall.jobs.cancel", id);
    assertThat(cancelled.getString("state")).isEqualTo("cancelled");
    assertThat(server.http("DELETE " + path, null, Map.of()).bodyAsJsonObject())
        .isEqualTo(cancelled);
  }

  @Test
  void theSameKeyIsTheSameJobOnEitherWay() {
    Map<String, String> key = Map.of("idempotency-key", KEY);
    Object first = server.reply("rollcall.jobs.start", fetch(1), key).body();
    assertThat(server.reply("rollcall.jobs.start", fetch(1), key).body()).isEqualTo(first);
    assertThat(server.http("POST /jobs", fetch(1).encode(), key).bodyAsJsonObject())
        .isEqualTo(first);
    assertThat(server.failure("rollcall.jobs.start", fetch(2), key)).startsWith("409 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "start  | {} | 400 /view: is missing; /ids: is missing",
        "start  | {'view':'nothing','ids':[1]} | 400 /view: there is no such view",
        "start  | {'view':'profile','ids':[0]} | 400 /ids/0: must be an integer from 1 to",
        "start  | {'view':'profile','ids':[1],'mode':'all'} | 400 /mode: unknown member",
        "start  | {'view':'profile','ids':[1],'concurrency':0} | 400 /concurrency: must be",
        "get    | {} | 400 /id: is missing",
        "get    | {'id':0} | 400 /id: must be an integer from 1 to",
        "get    | {'id':7} | 404 there is no such job",
        "get    | {'id':7,'x':1} | 400 /x: unknown member",
        "cancel | {'id':7} | 404 there is no such job",
        "list   | {'limit':0} | 400 /limit: must be an integer from 1 to 1000",
        "list   | {'after':'x'} | 400 /after: is not a cursor of this list",
        "list   | {'state':'queued'} | 400 /state: unknown member"
      })
  void whatIsWrongIsRefusedAsOverHttp(String call, String body, String failure) {
    JsonObject asked = new JsonObject(body.replace('\'', '"'));
    assertThat(server.failure("rollcall.jobs." + call, asked, Map.of())).startsWith(failure);
  }

  @Test
  void aMalformedKeyIsRefused() {
    Map<String, String> key = Map.of("idempotency-key", "\"x");
    assertThat(server.failure("rollcall.jobs.start", fetch(1), key))
        .isEqualTo("400 Idempotency-Key must be one text of 1 to 255 printable ASCII characters");
    assertThat(server.failure("rollcall.jobs.start", null, Map.of())).startsWith("400 ");
  }
}
