package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.wire.ContractDocument;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code openapi.yaml}: its operations, and its schemas as judges. */
final class Contract {

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final ContractDocument document = new ContractDocument("openapi.yaml");

  JsonNode document() {
    return document.tree();
  }

  /** The operations, as {@code GET /users}. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    for (var path : document().path("paths").properties()) {
      for (var member : path.getValue().properties()) {
        if (METHODS.contains(member.getKey())) {
          String method = member.getKey().toUpperCase(Locale.ROOT);
          operations.put(method + " " + path.getKey(), member.getValue());
        }
      }
    }
    return operations;
  }

  /** Each status of each operation, as {@code GET /users 200}. */
  Set<String> statuses() {
    Set<String> statuses = new TreeSet<>();
    operations()
        .forEach(
            (operation, node) ->
                node.path("responses")
                    .fieldNames()
                    .forEachRemaining(status -> statuses.add(operation + " " + status)));
    return statuses;
  }

  /** A place of the document, by its pointer, references followed. */
  JsonNode at(String pointer) {
    return document.at(pointer);
  }

  /** The pointer to where a place really is, when a reference stands there. */
  String resolve(String pointer) {
    return document.resolve(pointer);
  }

  /** The pointer to an answer of an operation. */
  String response(String operation, int status) {
    String[] parts = operation.split(" ", 2);
    return resolve(
        String.format(
            Locale.ROOT,
            "/paths/%s/%s/responses/%d",
            escape(parts[1]),
            parts[0].toLowerCase(Locale.ROOT),
            status));
  }

  /** What is wrong with a JSON text, by the schema at a place. */
  List<String> faults(String schemaPointer, String json) {
    return document.faults(schemaPointer, json);
  }

  /** What is wrong with a schema itself. */
  List<String> faultsOfSchema(JsonNode schema) {
    return ContractDocument.faultsOfSchema(schema);
  }

  static String escape(String member) {
    return ContractDocument.escape(member);
  }
}
