package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.wire.ContractDocument;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code asyncapi.yaml}: its operations, and its messages as judges. */
final class BusContract {

  final ContractDocument document = new ContractDocument("asyncapi.yaml");

  /** An example of a message. */
  record Example(String name, JsonObject payload, Map<String, String> headers) {}

  /**
   * The names of the operations, in the order of the document.
   *
   * @param action {@code receive} for what is served, {@code send} for what is told or asked
   */
  List<String> operations(String action) {
    List<String> operations = new ArrayList<>();
    for (var operation : document.tree().path("operations").properties()) {
      if (operation.getValue().path("action").textValue().equals(action)) {
        operations.add(operation.getKey());
      }
    }
    return operations;
  }

  String address(String operation) {
    return document.at("/operations/" + operation + "/channel").path("address").textValue();
  }

  /** The pointer to the one message that an operation takes, or sends. */
  String message(String operation) {
    String messages = "/operations/" + operation + "/messages";
    assertThat(document.tree().at(messages)).as(messages).hasSize(1);
    return document.resolve(messages + "/0");
  }

  /** The pointer to the one reply to an operation that is no failure. */
  String answer(String operation) {
    List<String> answers =
        replies(operation).stream().filter(reply -> failureCode(reply) == null).toList();
    assertThat(answers).as(operation).hasSize(1);
    return answers.get(0);
  }

  /** The pointers to the failures that an operation may have, by their codes. */
  Map<Integer, String> failures(String operation) {
    Map<Integer, String> failures = new TreeMap<>();
    for (String reply : replies(operation)) {
      Integer code = failureCode(reply);
      if (code != null) {
        assertThat(failures.put(code, reply)).as("%s %d", operation, code).isNull();
      }
    }
    return failures;
  }

  private List<String> replies(String operation) {
    String messages = "/operations/" + operation + "/reply/messages";
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < document.tree().at(messages).size(); i++) {
      replies.add(document.resolve(messages + "/" + i));
    }
    return replies;
  }

  private @Nullable Integer failureCode(String message) {
    JsonNode code = document.at(message).at("/payload/allOf/1/properties/failureCode/const");
    return code.isMissingNode() ? null : code.intValue();
  }

  /** The examples of a message. */
  List<Example> examples(String message) {
    List<Example> examples = new ArrayList<>();
    for (JsonNode example : document.at(message).path("examples")) {
      Map<String, String> headers = new HashMap<>();
      example
          .path("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().textValue()));
      examples.add(
          new Example(
              example.path("name").asText(message),
              new JsonObject(example.path("payload").toString()),
              headers));
    }
    return examples;
  }

  /** Fails unless a message is as the document has it at a place. */
  void judge(String message, @Nullable Object body, MultiMap headers) {
    String json = body instanceof Buffer text ? text.toString() : Json.encode(body);
    assertThat(document.faults(message + "/payload", json)).as("%s: %s", message, json).isEmpty();
    if (document.at(message).has("headers")) {
      JsonObject all = new JsonObject();
      headers.forEach(header -> all.put(header.getKey(), header.getValue()));
      assertThat(headers.size()).isEqualTo(all.size());
      assertThat(document.faults(message + "/headers", all.encode()))
          .as("%s: %s", message, all)
          .isEmpty();
    }
  }

  /** Fails unless an answer is the one that an operation has. */
  void judgeAnswer(String operation, Message<?> reply) {
    judge(answer(operation), reply.body(), reply.headers());
  }

  /** Fails unless a failure is among those that an operation may have. */
  void judgeFailure(String operation, ReplyException failure) {
    JsonObject payload =
        new JsonObject()
            .put("failureCode", failure.failureCode())
            .put("message", failure.getMessage());
    String place = failures(operation).get(failure.failureCode());
    if (place == null) {
      throw new AssertionError(operation + " has no failure " + payload);
    }
    judge(place, payload, MultiMap.caseInsensitiveMultiMap());
  }
}
