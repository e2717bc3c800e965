package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code openapi.yaml} as a tree, and its schemas as judges. */
final class Contract {

  private static final String ADDRESS = "https://rollcall.dev/openapi.json";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final JsonNode document;
  private final SchemaRegistry schemas;

  Contract() {
    try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
      document = new ObjectMapper(new YAMLFactory()).readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("openapi.yaml can't be read", e);
    }
    // OpenAPI 3.1 has the schemas of JSON Schema 2020-12. References lead to places of this text.
    schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemas(Map.of(ADDRESS, document.toString())));
  }

  JsonNode document() {
    return document;
  }

  /** The operations, as {@code GET /users}. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    for (var path : document.path("paths").properties()) {
      for (var member : path.getValue().properties()) {
        if (METHODS.contains(member.getKey())) {
          String method = member.getKey().toUpperCase(java.util.Locale.ROOT);
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
    return document.at(resolve(pointer));
  }

  /** The pointer to where a place really is, when a reference stands there. */
  String resolve(String pointer) {
    JsonNode node = document.at(pointer);
    assertThat(node.isMissingNode()).as("%s is missing", pointer).isFalse();
    return node.has("$ref") ? resolve(node.get("$ref").textValue().substring(1)) : pointer;
  }

  /** The pointer to an answer of an operation. */
  String response(String operation, int status) {
    String[] parts = operation.split(" ", 2);
    return resolve(
        "/paths/%s/%s/responses/%d"
            .formatted(escape(parts[1]), parts[0].toLowerCase(java.util.Locale.ROOT), status));
  }

  /** What is wrong with a JSON text, by the schema at a place. */
  List<String> faults(String schemaPointer, String json) {
    return schemas
        .getSchema(SchemaLocation.of(ADDRESS + "#" + schemaPointer))
        .validate(
            json,
            InputFormat.JSON,
            execution -> execution.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** What is wrong with a schema itself. */
  List<String> faultsOfSchema(JsonNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
        .validate(schema)
        .stream()
        .map(Error::toString)
        .toList();
  }

  static String escape(String member) {
    return member.replace("~", "~0").replace("/", "~1");
  }
}
