package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The image that {@code pom.xml} describes runs Rollcall as the jar and the scripts do. */
class ImageTest {

  private static final String JIB = "//plugin[artifactId='jib-maven-plugin']/configuration";

  private Document pom;

  @BeforeEach
  void readThePom() throws Exception {
    pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
  }

  private List<String> texts(String path) throws Exception {
    NodeList nodes =
        (NodeList)
            XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private List<String> entrypoint() throws Exception {
    return texts(JIB + "/container/entrypoint/arg");
  }

  @Test
  void itRunsWithTheFlagsOfTheScript() throws Exception {
    List<String> flags = new ArrayList<>();
    Matcher block =
        Pattern.compile("(?s)\nflags=\\((.*?)\n\\)")
            .matcher(Files.readString(Path.of("scripts/run")));
    assertThat(block.find()).isTrue();
    block
        .group(1)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("-"))
        .forEach(flags::add);
    assertThat(flags).contains("-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError");
    assertThat(entrypoint()).containsAll(flags);
  }

  @Test
  void itOpensWhatTheManifestOfTheJarOpens() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String packages : texts("//manifestEntries/Add-Opens")) {
      List.of(packages.split(" ", -1)).forEach(each -> expected.add("--add-opens=" + each));
    }
    for (String packages : texts("//manifestEntries/Add-Exports")) {
      List.of(packages.split(" ", -1)).forEach(each -> expected.add("--add-exports=" + each));
    }
    assertThat(entrypoint())
        .filteredOn(argument -> argument.startsWith("--add-"))
        .map(argument -> argument.replace("=ALL-UNNAMED", ""))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void itsSettingsAreValidAndListenOutsideTheContainer() throws Exception {
    List<String> entrypoint = entrypoint();
    String file = entrypoint.get(entrypoint.indexOf("--conf") + 1).replace("/app/conf/", "");
    assertThat(texts(JIB + "/extraDirectories/paths/path/includes/include")).containsExactly(file);
    Settings settings =
        Settings.load(Map.of(), Optional.of(Path.of("conf", file)), List.of()).settings();
    assertThat(settings.auth().required()).isTrue();
    assertThat(settings.http().host()).isEqualTo("0.0.0.0");
    assertThat(settings.management().host()).isEqualTo("0.0.0.0");
    assertThat(texts(JIB + "/container/ports/port"))
        .contains(
            Integer.toString(settings.http().port()),
            Integer.toString(settings.management().port()));
    // The default of where users are kept is below the volume.
    assertThat(texts(JIB + "/container/workingDirectory")).containsExactly("/");
    assertThat(texts(JIB + "/container/volumes/volume")).containsExactly("/data");
    assertThat(settings.store().path().startsWith("data")).isTrue();
  }

  @Test
  void itIsTheOneThatTheManifestForKubernetesRuns() throws Exception {
    JsonNode pod = KubernetesManifest.shipped().pod();
    JsonNode user = pod.get("securityContext");
    assertThat(texts(JIB + "/container/user"))
        .containsExactly(user.get("runAsUser") + ":" + user.get("runAsGroup"));
    String version = texts("/project/version").get(0);
    assertThat(pod.at("/containers/0/image").textValue())
        .isEqualTo(texts(JIB + "/to/image").get(0).replace("${project.version}", version));
  }
}
