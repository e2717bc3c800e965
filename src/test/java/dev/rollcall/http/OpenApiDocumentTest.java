package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.Scope;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.OperationNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document itself: that it is OpenAPI 3.1, whole, and about the routes that there are. */
class OpenApiDocumentTest {

  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  private final Contract contract = new Contract();

  @Test
  void theOperationsAreTheRoutes() {
    Map<String, String> routes = new TreeMap<>();
    for (Operation each : Operation.values()) {
      routes.put(each.method() + " " + each.template(), OperationNames.of(each));
    }
    Map<String, String> documented = new TreeMap<>();
    contract
        .operations()
        .forEach((name, operation) -> documented.put(name, operation.get("operationId").asText()));
    // HEAD is said once, in the document's description, to work wherever GET does.
    assertThat(documented).isEqualTo(routes);
    assertThat(contract.document().at("/info/description").textValue())
        .contains("HEAD works wherever GET does");
  }

  @Test
  void eachOperationTellsItsScope() {
    for (Operation each : Operation.values()) {
      JsonNode told =
          Objects.requireNonNull(
              contract.operations().get(each.method() + " " + each.template()), each.name());
      boolean open = each.scope() == Scope.OPEN;
      assertThat(told.path("x-scope").asText()).as(each.name()).isEqualTo(each.scope().text());
      assertThat(told.has("security")).as("needs no credential").isEqualTo(open);
    }
  }

  @Test
  void aLinkLeadsFromWhatCreatesToAnOperationByItsId() {
    JsonNode links = contract.document().at("/components/links");
    Set<String> operations = new TreeSet<>();
    contract
        .operations()
        .values()
        .forEach(each -> operations.add(each.get("operationId").asText()));
    Set<String> used = new TreeSet<>();
    for (String place :
        List.of(
            "POST /users 201",
            "PUT /users/{id} 201",
            "POST /jobs 202",
            "POST /users/{id}/erasure 202",
            "POST /keys 201",
            "POST /sessions 201")) {
      String[] parts = place.split(" ", -1);
      String response = contract.response(parts[0] + " " + parts[1], Integer.parseInt(parts[2]));
      JsonNode given = contract.at(response).path("links");
      assertThat(given).as(place).isNotEmpty();
      given.fieldNames().forEachRemaining(used::add);
    }
    links
        .properties()
        .forEach(
            link -> {
              assertThat(operations).contains(link.getValue().get("operationId").asText());
              // A session is refreshed by its token, which stands in the body.
              assertThat(
                      link.getValue().at("/parameters/id").asText()
                          + link.getValue().at("/requestBody/refreshToken").asText())
                  .isIn("$response.body#/id", "$response.body#/refreshToken");
            });
    links.fieldNames().forEachRemaining(name -> assertThat(used).contains(name));
  }

  @Test
  void whatIsServedAreTheDocuments(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder)) {
      for (String name : List.of("/openapi.yaml", "/asyncapi.yaml")) {
        byte[] file = Contract.class.getResourceAsStream(name).readAllBytes();
        assertThat(server.get(name).bodyAsString())
            .isEqualTo(new String(file, java.nio.charset.StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void itSaysWhatItIs() {
    JsonNode document = contract.document();
    assertThat(document.path("openapi").textValue()).matches("3\\.1\\.\\d+");
    assertThat(document.at("/info/title").textValue()).isNotBlank();
    assertThat(document.at("/info/version").textValue()).isNotBlank();
    assertThat(document.fieldNames())
        .toIterable()
        .isSubsetOf("openapi", "info", "servers", "tags", "paths", "components", "security");
    assertThat(document.at("/components").fieldNames())
        .toIterable()
        .isSubsetOf(
            "schemas",
            "responses",
            "parameters",
            "headers",
            "links",
            "examples",
            "requestBodies",
            "securitySchemes");
  }

  @Test
  void everyOperationIsWhole() {
    Set<String> ids = new TreeSet<>();
    Set<String> tags = new TreeSet<>();
    contract.document().path("tags").forEach(tag -> tags.add(tag.path("name").textValue()));
    contract
        .operations()
        .forEach(
            (name, operation) -> {
              assertThat(operation.fieldNames())
                  .toIterable()
                  .as(name)
                  .isSubsetOf(
                      "operationId",
                      "x-scope",
                      "security",
                      "tags",
                      "summary",
                      "description",
                      "parameters",
                      "requestBody",
                      "responses");
              assertThat(ids.add(operation.path("operationId").textValue())).as(name).isTrue();
              assertThat(operation.path("summary").textValue()).as(name).isNotBlank();
              operation.path("tags").forEach(tag -> assertThat(tags).contains(tag.textValue()));
              assertParameters(name, operation);
              assertThat(operation.path("responses").fieldNames())
                  .toIterable()
                  .as(name)
                  .isNotEmpty()
                  .allMatch(status -> status.matches("[1-5]\\d\\d"));
            });
  }

  private void assertParameters(String name, JsonNode operation) {
    String template = name.substring(name.indexOf(' ') + 1);
    List<JsonNode> parameters = new ArrayList<>();
    JsonNode item = contract.document().path("paths").path(template);
    item.path("parameters").forEach(parameters::add);
    operation.path("parameters").forEach(parameters::add);
    Set<String> inPath = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    for (JsonNode given : parameters) {
      JsonNode parameter =
          given.has("$ref") ? contract.at(given.get("$ref").textValue().substring(1)) : given;
      String place = parameter.path("in").textValue();
      String called = parameter.path("name").textValue();
      assertThat(place).as(name).isIn("path", "query", "header", "cookie");
      assertThat(seen.add(place + " " + called)).as("%s %s twice", name, called).isTrue();
      assertThat(parameter.has("schema") ^ parameter.has("content")).as(called).isTrue();
      if (place.equals("path")) {
        inPath.add(called);
        assertThat(parameter.path("required").booleanValue()).as(called).isTrue();
      }
    }
    Set<String> inTemplate = new TreeSet<>();
    Matcher matcher = PARAMETER.matcher(template);
    while (matcher.find()) {
      inTemplate.add(matcher.group(1));
    }
    assertThat(inPath).as(name).isEqualTo(inTemplate);
  }

  @Test
  void everyAnswerIsDescribedAndNamesItsRequest() {
    for (String status : contract.statuses()) {
      String[] parts = status.split(" ", 3);
      String pointer = contract.response(parts[0] + " " + parts[1], Integer.parseInt(parts[2]));
      JsonNode response = contract.at(pointer);
      assertThat(response.path("description").textValue()).as(status).isNotBlank();
      assertThat(response.at("/headers/X-Request-Id").isMissingNode()).as(status).isFalse();
      boolean bodiless = Set.of("204", "302", "304").contains(parts[2]);
      assertThat(response.path("content").isEmpty()).as(status).isEqualTo(bodiless);
      if (parts[2].charAt(0) >= '4') {
        assertThat(response.path("content").fieldNames())
            .toIterable()
            .as(status)
            .containsExactly("application/problem+json");
      }
    }
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
    Set<String> references = new TreeSet<>();
    for (JsonNode node : contract.document().findValues("$ref")) {
      assertThat(node.textValue()).startsWith("#/components/");
      String pointer = node.textValue().substring(1);
      assertThat(contract.document().at(pointer).isMissingNode()).as(pointer).isFalse();
      references.add(pointer);
    }
    Set<String> components = new TreeSet<>();
    for (var kind : contract.document().path("components").properties()) {
      for (var component : kind.getValue().properties()) {
        components.add("/components/" + kind.getKey() + "/" + component.getKey());
      }
    }
    // These belong to no operation; the document's description says when they are given.
    components.removeAll(OpenApiTest.OF_NO_OPERATION);
    // This one is named by the document's security instead.
    assertThat(contract.document().at("/security/0").has("bearer")).isTrue();
    components.remove("/components/securitySchemes/bearer");
    assertThat(references).isEqualTo(components);
  }

  @Test
  void everySchemaIsOne() {
    List<String> places = new ArrayList<>();
    collect(contract.document(), "", "schema", places);
    collect(contract.document(), "", "x-item-schema", places);
    for (var schema : contract.document().at("/components/schemas").properties()) {
      places.add("/components/schemas/" + schema.getKey());
    }
    assertThat(places).hasSizeGreaterThan(40);
    for (String place : places) {
      assertThat(contract.faultsOfSchema(contract.document().at(place))).as(place).isEmpty();
    }
  }

  @Test
  void everyObjectIsClosedOrSaysThatItIsOpen() {
    for (var schema : contract.document().at("/components/schemas").properties()) {
      JsonNode node = schema.getValue();
      boolean isObject = node.path("type").asText().equals("object") || node.has("properties");
      // The base of the problems is closed by those that extend it.
      if (isObject && !schema.getKey().equals("ProblemMembers")) {
        assertThat(node.has("additionalProperties") || node.has("unevaluatedProperties"))
            .as(schema.getKey())
            .isTrue();
      }
    }
  }

  @Test
  void everyExampleIsOne() {
    List<String> places = new ArrayList<>();
    collect(contract.document(), "", "example", places);
    assertThat(places).hasSizeGreaterThan(10);
    for (String place : places) {
      String parent = place.substring(0, place.length() - "/example".length());
      JsonNode example = contract.document().at(place);
      JsonNode holder = contract.document().at(parent);
      if (holder.has("x-item-schema")) {
        assertItems(parent, example.textValue());
      } else {
        String schema = holder.has("schema") ? parent + "/schema" : parent;
        assertThat(contract.faults(schema, example.toString())).as(place).isEmpty();
      }
    }
  }

  private void assertItems(String parent, String example) {
    List<String> items =
        example
            .lines()
            .filter(line -> line.startsWith("{") || line.startsWith("data: "))
            .map(line -> line.startsWith("data: ") ? line.substring(6) : line)
            .toList();
    assertThat(items).as(parent).isNotEmpty();
    for (String item : items) {
      assertThat(contract.faults(parent + "/x-item-schema", item)).as(parent).isEmpty();
    }
  }

  /** The places of members with a name; members of schemas' properties are not meant. */
  private static void collect(JsonNode node, String at, String name, List<String> places) {
    if (node.isObject()) {
      for (var member : node.properties()) {
        String place = at + "/" + Contract.escape(member.getKey());
        if (member.getKey().equals(name) && !at.endsWith("/properties")) {
          places.add(place);
        } else {
          collect(member.getValue(), place, name, places);
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), at + "/" + i, name, places);
      }
    }
  }
}
