package dev.rollcall.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One of the documents that the service serves, as a tree, and its schemas as judges. */
public final class ContractDocument {

  /** Where they would be; references from one to the other are relative to it. */
  private static final String PLACE = "https://rollcall.dev/";

  private static final Map<String, JsonNode> TREES =
      Map.of("openapi.yaml", read("openapi.yaml"), "asyncapi.yaml", read("asyncapi.yaml"));

  /** Both have the schemas of JSON Schema 2020-12. References lead to places of these texts. */
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemas(
                  TREES.entrySet().stream()
                      .collect(
                          Collectors.toMap(
                              each -> PLACE + each.getKey(), each -> each.getValue().toString()))));

  private final String name;
  private final JsonNode tree;

  /** The document of that name. */
  public ContractDocument(String name) {
    this.name = name;
    this.tree = tree(name);
  }

  private static JsonNode read(String name) {
    try (InputStream in = ContractDocument.class.getResourceAsStream("/" + name)) {
      return new ObjectMapper(new YAMLFactory()).readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(name + " can't be read", e);
    }
  }

  private static JsonNode tree(String name) {
    JsonNode tree = TREES.get(name);
    if (tree == null) {
      throw new AssertionError("there is no " + name);
    }
    return tree;
  }

  public JsonNode tree() {
    return tree;
  }

  /** A place of the document, by its pointer, references followed. */
  public JsonNode at(String pointer) {
    return tree.at(resolve(pointer));
  }

  /** The pointer to where a place really is, when a reference within the document stands there. */
  public String resolve(String pointer) {
    JsonNode node = tree.at(pointer);
    assertThat(node.isMissingNode()).as("%s is missing", pointer).isFalse();
    return node.has("$ref") ? resolve(node.get("$ref").textValue().substring(1)) : pointer;
  }

  /** Whether a reference that stands in this document leads somewhere. */
  public boolean leadsSomewhere(String reference) {
    String[] parts = reference.split("#", 2);
    String other = parts[0].isEmpty() ? name : parts[0].substring("./".length());
    return TREES.containsKey(other) && !tree(other).at(parts[1]).isMissingNode();
  }

  /** The names of the members that an object may have by the schema at a place. */
  public Set<String> members(String pointer) {
    JsonNode schema = tree.at(pointer);
    assertThat(schema.isMissingNode()).as("%s is missing", pointer).isFalse();
    Set<String> members = new TreeSet<>();
    if (schema.has("$ref")) {
      String[] parts = schema.get("$ref").textValue().split("#", 2);
      String other = parts[0].isEmpty() ? name : parts[0].substring("./".length());
      members.addAll(new ContractDocument(other).members(parts[1]));
    }
    schema.path("properties").fieldNames().forEachRemaining(members::add);
    for (String parts : List.of("allOf", "oneOf")) {
      for (int i = 0; i < schema.path(parts).size(); i++) {
        members.addAll(members(pointer + "/" + parts + "/" + i));
      }
    }
    return members;
  }

  /** What is wrong with a JSON text, by the schema at a place. */
  public List<String> faults(String schemaPointer, String json) {
    return schema(schemaPointer)
        .validate(
            json,
            InputFormat.JSON,
            execution -> execution.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Error::toString)
        .toList();
  }

  private Schema schema(String pointer) {
    return SCHEMAS.getSchema(SchemaLocation.of(PLACE + name + "#" + pointer));
  }

  /** What is wrong with a schema itself. */
  public static List<String> faultsOfSchema(JsonNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
        .validate(schema)
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** A member's name as a step of a pointer. */
  public static String escape(String member) {
    return member.replace("~", "~0").replace("/", "~1");
  }
}
