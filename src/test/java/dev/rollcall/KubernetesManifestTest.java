package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.config.ClusterTls;
import dev.rollcall.config.Settings;
import dev.rollcall.config.ShutdownSettings;
import dev.rollcall.config.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/kubernetes.yaml} is what Kubernetes takes, and what Rollcall means by it. */
class KubernetesManifestTest {

  @TempDir Path folder;

  private final KubernetesManifest manifest = KubernetesManifest.shipped();

  @Test
  void everyObjectIsOneThatKubernetesKnows() throws Exception {
    for (JsonNode object : manifest.objects()) {
      KubernetesManifest.check(object);
    }
    assertThat(manifest.objects().stream().map(object -> object.get("kind").textValue()))
        .containsExactlyInAnyOrder(
            "ConfigMap",
            "Secret",
            "Service",
            "Service",
            "Deployment",
            "PodDisruptionBudget",
            "NetworkPolicy");
  }

  @Test
  void whatKubernetesDoesNotKnowIsRefused() {
    ObjectNode unknown = manifest.object("Deployment", "rollcall").deepCopy();
    ((ObjectNode) unknown.at("/spec/template/spec/containers/0")).put("readinesProbe", 1);
    assertThatThrownBy(() -> KubernetesManifest.check(unknown))
        .hasMessageContaining("readinesProbe");

    ObjectNode mistyped = manifest.object("Deployment", "rollcall").deepCopy();
    ((ObjectNode) mistyped.at("/spec")).put("replicas", "three");
    assertThatThrownBy(() -> KubernetesManifest.check(mistyped)).hasMessageContaining("three");

    ObjectNode incomplete = manifest.object("Deployment", "rollcall").deepCopy();
    ((ObjectNode) incomplete.at("/spec")).remove("selector");
    assertThatThrownBy(() -> KubernetesManifest.check(incomplete)).hasMessageContaining("selector");
  }

  /** The settings as a pod reads them. */
  private Settings settings() throws Exception {
    Map<String, String> env = new HashMap<>();
    for (JsonNode variable : manifest.container().get("env")) {
      env.put(variable.get("name").textValue(), value(variable.get("valueFrom")));
    }
    Path file = Files.writeString(folder.resolve("rollcall.yaml"), manifest.settings());
    Settings.Loaded loaded = Settings.load(env, Optional.of(file), List.of());
    assertThat(loaded.warnings()).isEmpty();
    return loaded.settings();
  }

  private String value(JsonNode from) {
    if (from.has("fieldRef")) {
      String field = from.at("/fieldRef/fieldPath").textValue();
      assertThat(field).isIn("status.podIP", "metadata.namespace");
      return field.equals("status.podIP") ? "10.1.2.3" : "users";
    }
    JsonNode reference = from.get("secretKeyRef");
    return manifest
        .object("Secret", reference.get("name").textValue())
        .get("stringData")
        .get(reference.get("key").textValue())
        .textValue();
  }

  @Test
  void theSettingsAreValidAndEachVariableInThemIsSet() throws Exception {
    Settings settings = settings();
    assertThat(settings.store().kind()).isEqualTo(StoreSettings.Kind.POSTGRES);
    assertThat(settings.cluster().enabled()).isTrue();
    assertThat(settings.cluster().host()).isEqualTo("10.1.2.3");
    assertThat(settings.http().hosts()).contains("rollcall", "rollcall.users.svc.cluster.local");

    Set<String> used = new TreeSet<>();
    Matcher reference = Pattern.compile("\\$\\{(\\w+)}").matcher(manifest.settings());
    while (reference.find()) {
      used.add(reference.group(1));
    }
    assertThat(manifest.container().get("env"))
        .extracting(variable -> variable.get("name").textValue())
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void portsAreThoseOfTheSettingsAndOfTheDefaults() throws Exception {
    Settings settings = settings();
    assertThat(manifest.containerPorts())
        .containsOnly(
            Map.entry("http", settings.http().port()),
            Map.entry("management", settings.management().port()),
            Map.entry("members", settings.cluster().port()),
            Map.entry("bus", settings.cluster().busPort()));
    assertThat(settings.http().port()).isEqualTo(Settings.of().http().port());
    assertThat(settings.management().port()).isEqualTo(Settings.of().management().port());
    assertThat(settings.cluster().port()).isEqualTo(Settings.of().cluster().port());
    assertThat(List.of(settings.http().host(), settings.management().host()))
        .containsOnly("0.0.0.0");
  }

  @Test
  void servicesAndPoliciesLeadToPortsOfTheContainer() throws Exception {
    Set<String> ports = manifest.containerPorts().keySet();
    for (JsonNode service : manifest.objects("Service")) {
      assertThat(service.at("/spec/ports"))
          .isNotEmpty()
          .allSatisfy(port -> assertThat(ports).contains(port.get("targetPort").textValue()));
    }
    Set<String> admitted = new TreeSet<>();
    for (JsonNode rule : manifest.object("NetworkPolicy", "rollcall").at("/spec/ingress")) {
      rule.get("ports").forEach(port -> admitted.add(port.get("port").textValue()));
    }
    assertThat(admitted).containsExactlyInAnyOrderElementsOf(ports);

    JsonNode nodes = manifest.object("Service", settings().cluster().kubernetes().orElseThrow());
    assertThat(nodes.at("/spec/clusterIP").textValue()).isEqualTo("None");
    assertThat(nodes.at("/spec/publishNotReadyAddresses").booleanValue()).isTrue();
    for (JsonNode port : nodes.at("/spec/ports")) {
      assertThat(port.get("port").intValue())
          .isEqualTo(manifest.containerPorts().get(port.get("targetPort").textValue()));
    }
  }

  @Test
  void everySelectorSelectsThePods() {
    JsonNode labels =
        manifest.object("Deployment", "rollcall").at("/spec/template/metadata/labels");
    for (JsonNode service : manifest.objects("Service")) {
      assertThat(service.at("/spec/selector")).isEqualTo(labels);
    }
    JsonNode deployment = manifest.object("Deployment", "rollcall");
    assertThat(deployment.at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(manifest.pod().get("topologySpreadConstraints"))
        .hasSize(2)
        .allSatisfy(
            spread -> assertThat(spread.at("/labelSelector/matchLabels")).isEqualTo(labels));
    assertThat(manifest.object("PodDisruptionBudget", "rollcall").at("/spec/selector/matchLabels"))
        .isEqualTo(labels);
    assertThat(manifest.object("NetworkPolicy", "rollcall").at("/spec/podSelector/matchLabels"))
        .isEqualTo(labels);
  }

  @Test
  void probesAskTheManagementPort() {
    Map<String, String> paths =
        Map.of(
            "startupProbe", "/health/live",
            "livenessProbe", "/health/live",
            "readinessProbe", "/health/ready");
    paths.forEach(
        (probe, path) -> {
          JsonNode request = manifest.container().at("/" + probe + "/httpGet");
          assertThat(request.get("path").textValue()).as(probe).isEqualTo(path);
          assertThat(request.get("port").textValue()).as(probe).isEqualTo("management");
        });
  }

  @Test
  void aPodHasTheTimeThatRollcallTakesToEnd() throws Exception {
    ShutdownSettings shutdown = settings().shutdown();
    JsonNode readiness = manifest.container().get("readinessProbe");
    Duration noticed =
        Duration.ofSeconds(
            readiness.get("periodSeconds").longValue()
                * (readiness.get("failureThreshold").longValue() + 1));
    assertThat(shutdown.waitFor()).as("until the pod is known as not ready").isGreaterThan(noticed);
    assertThat(Duration.ofSeconds(manifest.pod().get("terminationGracePeriodSeconds").longValue()))
        .isGreaterThan(shutdown.longest().plus(Main.CLOSING));
    assertThat(manifest.container().has("lifecycle")).isFalse();
  }

  @Test
  void anUpdateNeverTakesAPodAwayBeforeAnotherIsReady() {
    JsonNode update = manifest.object("Deployment", "rollcall").at("/spec/strategy/rollingUpdate");
    assertThat(update.get("maxUnavailable").intValue()).isZero();
    assertThat(update.get("maxSurge").intValue()).isPositive();
  }

  @Test
  void everyVolumeIsMountedAndOnlyTheTemporaryFolderCanBeWritten() {
    assertThat(manifest.container().get("volumeMounts"))
        .extracting(mount -> mount.get("name").textValue())
        .containsExactlyInAnyOrder("settings", "nodes", "tmp");
    assertThat(manifest.pod().get("volumes"))
        .extracting(volume -> volume.get("name").textValue())
        .containsExactlyInAnyOrder("settings", "nodes", "tmp");
    assertThat(manifest.container().get("volumeMounts"))
        .filteredOn(mount -> !mount.path("readOnly").booleanValue())
        .singleElement()
        .satisfies(mount -> assertThat(mount.get("mountPath").textValue()).isEqualTo("/tmp"));
    assertThat(manifest.volume("tmp").has("emptyDir")).isTrue();
  }

  @Test
  void theFilesThatRollcallReadsAreMounted() throws Exception {
    List<String> arguments =
        StreamSupport.stream(manifest.container().get("args").spliterator(), false)
            .map(JsonNode::textValue)
            .toList();
    JsonNode file = manifest.mount(arguments.get(arguments.indexOf("--conf") + 1));
    String map = manifest.volume(file.get("name").textValue()).at("/configMap/name").textValue();
    assertThat(manifest.object("ConfigMap", map).get("data").has(file.get("subPath").textValue()))
        .isTrue();

    ClusterTls tls = settings().cluster().tls().orElseThrow();
    for (Path pem : List.of(tls.certificate(), tls.key(), tls.trust())) {
      JsonNode folder = manifest.mount(String.valueOf(pem.getParent()));
      assertThat(manifest.volume(folder.get("name").textValue()).has("secret")).isTrue();
    }
  }

  @Test
  void aPodMayDoNothingThatItNeedNot() {
    JsonNode pod = manifest.pod().get("securityContext");
    assertThat(pod.get("runAsNonRoot").booleanValue()).isTrue();
    JsonNode container = manifest.container().get("securityContext");
    assertThat(container.get("readOnlyRootFilesystem").booleanValue()).isTrue();
    assertThat(container.get("allowPrivilegeEscalation").booleanValue()).isFalse();
    assertThat(container.at("/capabilities/drop/0").textValue()).isEqualTo("ALL");
    assertThat(manifest.pod().get("automountServiceAccountToken").booleanValue()).isFalse();
  }
}
