package dev.rollcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of {@code conf/kubernetes.yaml} as trees, and Kubernetes' own model as their judge.
 */
final class KubernetesManifest {

  private final List<JsonNode> objects;

  private KubernetesManifest(List<JsonNode> objects) {
    this.objects = objects;
  }

  static KubernetesManifest shipped() {
    try (MappingIterator<JsonNode> documents =
        new YAMLMapper()
            .readerFor(JsonNode.class)
            .readValues(Path.of("conf/kubernetes.yaml").toFile())) {
      return new KubernetesManifest(
          documents.readAll().stream().filter(document -> !document.isNull()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an object as Kubernetes' client does, which checks it against the schema of its kind.
   *
   * @throws IOException and others where it has a member that the schema does not know, or one of
   *     another type, or lacks one
   */
  static void check(JsonNode object) throws IOException {
    String json = object.toString();
    String kind = object.path("apiVersion").textValue() + " " + object.path("kind").textValue();
    switch (kind) {
      case "v1 ConfigMap" -> V1ConfigMap.fromJson(json);
      case "v1 Secret" -> V1Secret.fromJson(json);
      case "v1 Service" -> V1Service.fromJson(json);
      case "apps/v1 Deployment" -> V1Deployment.fromJson(json);
      case "policy/v1 PodDisruptionBudget" -> V1PodDisruptionBudget.fromJson(json);
      case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.fromJson(json);
      default -> throw new IllegalArgumentException(kind + " is not among the kinds that we use");
    }
  }

  List<JsonNode> objects() {
    return objects;
  }

  List<JsonNode> objects(String kind) {
    return objects.stream().filter(each -> each.get("kind").textValue().equals(kind)).toList();
  }

  ObjectNode object(String kind, String name) {
    return objects(kind).stream()
        .filter(each -> each.at("/metadata/name").textValue().equals(name))
        .map(ObjectNode.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no %s %s".formatted(kind, name)));
  }

  /** What a pod is made of. */
  JsonNode pod() {
    return object("Deployment", "rollcall").at("/spec/template/spec");
  }

  JsonNode container() {
    return pod().at("/containers/0");
  }

  JsonNode volume(String name) {
    return the(pod().get("volumes"), "name", name);
  }

  /** What is mounted at a path. */
  JsonNode mount(String path) {
    return the(container().get("volumeMounts"), "mountPath", path);
  }

  private static JsonNode the(JsonNode list, String member, String value) {
    for (JsonNode each : list) {
      if (each.get(member).textValue().equals(value)) {
        return each;
      }
    }
    throw new AssertionError("there is none with the %s %s".formatted(member, value));
  }

  /** The ports of the container by their names. */
  Map<String, Integer> containerPorts() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    container()
        .get("ports")
        .forEach(
            port -> ports.put(port.get("name").textValue(), port.get("containerPort").intValue()));
    return ports;
  }

  /** Rollcall's settings. */
  String settings() {
    return object("ConfigMap", "rollcall").at("/data/rollcall.yaml").textValue();
  }
}
