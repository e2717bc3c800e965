package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds answers to the contract: their headers, their type, and all that is in their bodies. */
final class ResponseJudge {

  /** What the document says once, in its description, that any answer may carry. */
  private static final Set<String> GENERAL =
      Set.of(
          "content-type",
          "content-length",
          "transfer-encoding",
          "connection",
          "x-content-type-options",
          "cache-control",
          "content-security-policy",
          "vary",
          "x-accel-buffering");

  private final Contract contract;

  ResponseJudge(Contract contract) {
    this.contract = contract;
  }

  /** Judges the answer of an operation. */
  void check(String operation, RawClient.Answer answer, boolean isHead) {
    assertThat(contract.statuses()).contains(operation + " " + answer.status());
    checkAt(contract.response(operation, answer.status()), answer, isHead);
  }

  /** Judges an answer by a place of the document. */
  void checkAt(String response, RawClient.Answer answer, boolean isHead) {
    headers(response, answer);
    JsonNode content = contract.at(response).path("content");
    String type = answer.headers().getOrDefault("content-type", "");
    if (content.isEmpty()) {
      assertThat(type).as(response).isEmpty();
      assertThat(answer.body()).as(response).isEmpty();
      return;
    }
    assertThat(content.fieldNames()).toIterable().as(response).contains(type);
    if (!isHead) {
      body(response + "/content/" + Contract.escape(type), type, answer);
    }
  }

  private void headers(String response, RawClient.Answer answer) {
    Set<String> documented = new TreeSet<>(GENERAL);
    for (var header : contract.at(response).path("headers").properties()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      documented.add(name);
      String place = contract.resolve(response + "/headers/" + Contract.escape(header.getKey()));
      String value = answer.headers().get(name);
      if (value != null) {
        String schema = contract.resolve(place + "/schema");
        boolean text = contract.at(schema).path("type").asText().equals("string");
        assertThat(contract.faults(schema, text ? Json.encode(value) : value)).as(name).isEmpty();
      } else {
        assertThat(contract.at(place).path("required").asBoolean())
            .as("%s of %s", name, response)
            .isFalse();
      }
    }
    assertThat(documented).as(response).containsAll(answer.headers().keySet());
  }

  private void body(String media, String type, RawClient.Answer answer) {
    if (contract.at(media).has("x-item-schema")) {
      for (String item : items(type, answer.body())) {
        assertValid(contract.resolve(media + "/x-item-schema"), item);
      }
    } else if (type.endsWith("json")) {
      assertValid(contract.resolve(media + "/schema"), answer.body());
      if (type.contains("problem")) {
        problem(answer);
      }
    } else {
      assertThat(answer.body()).isNotBlank();
    }
  }

  private static void problem(RawClient.Answer answer) {
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getInteger("status")).isEqualTo(answer.status());
    assertThat(problem.getString("requestId")).isEqualTo(answer.headers().get("x-request-id"));
  }

  private static List<String> items(String type, String body) {
    return type.equals("text/event-stream") ? events(body) : lines(body);
  }

  private static List<String> lines(String body) {
    assertThat(body.isEmpty() || body.endsWith("\n")).isTrue();
    return body.lines().toList();
  }

  /** The data of each event, after a look at what else the event says. */
  private static List<String> events(String body) {
    List<String> data = new ArrayList<>();
    for (String event : body.split("\n\n", -1)) {
      if (event.isEmpty() || event.startsWith(":") || event.startsWith("retry: ")) {
        continue;
      }
      Map<String, String> fields = new java.util.TreeMap<>();
      event.lines().forEach(line -> fields.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));
      assertThat(fields.keySet()).contains("event", "data").isSubsetOf("id", "event", "data");
      JsonObject change = new JsonObject(fields.get("data"));
      if (change.containsKey("seq")) {
        assertThat(fields.get("id")).isEqualTo(change.getLong("seq").toString());
        assertThat(fields.get("event")).isEqualTo(change.getString("kind"));
      } else {
        assertThat(fields.get("event")).isIn("progress", "user", "source", "end");
      }
      data.add(fields.get("data"));
    }
    assertThat(data).isNotEmpty();
    return data;
  }

  private void assertValid(String schema, String json) {
    assertThat(contract.faults(schema, json)).as("%s by %s", json, schema).isEmpty();
  }
}
