package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferencesTest extends LoadingTest {
  private static final Map<String, String> ENV =
      Map.of("FOLDER", "/var/lib", "PORT", "9090", "SECRET", "hunter2");

  @Test
  void aReferenceIsReplacedAlsoWithinALongerText() throws Exception {
    String yaml =
        """
        http: {port: "${PORT}"}
        store: {path: "${FOLDER}/a-${PORT}.db"}
        """;
    Settings settings = load(yaml, ENV).settings();
    assertThat(settings.http().port()).isEqualTo(9090);
    assertThat(settings.store().path()).isEqualTo(Path.of("/var/lib/a-9090.db"));
  }

  @Test
  void aFlagMayHoldAReferenceToo() throws Exception {
    assertThat(load("", ENV, "http.port=${PORT}").settings().http().port()).isEqualTo(9090);
  }

  @Test
  void aMissingVariableIsAFault() {
    assertThat(faults("store: {path: \"${NOWHERE}/a.db\"}\n"))
        .containsExactly(
            "store.path: \"${NOWHERE}/a.db\": the environment variable NOWHERE must be set");
  }

  @Test
  void aReferenceThatDoesNotEndOrHasNoNameIsAFault() {
    String allowed =
        "${ begins the name of an environment variable and } ends it; $${ is a literal ${";
    assertThat(faults("store: {path: \"${FOLDER\"}\n", ENV))
        .containsExactly("store.path: \"${FOLDER\": " + allowed);
    assertThat(faults("store: {path: \"${}\"}\n", ENV))
        .containsExactly("store.path: \"${}\": " + allowed);
  }

  @Test
  void aDoubledDollarIsALiteralOne() throws Exception {
    assertThat(load("store: {path: \"a$${PORT}$b\"}\n", ENV).settings().store().path())
        .isEqualTo(Path.of("a${PORT}$b"));
  }

  @Test
  void whatAVariableHoldsIsNotReplacedAgain() throws Exception {
    Map<String, String> env = Map.of("A", "${B}", "B", "b");
    assertThat(load("store: {path: \"${A}\"}\n", env).settings().store().path())
        .isEqualTo(Path.of("${B}"));
  }

  @Test
  void aValueFromAVariableIsNotShownInAFault() {
    assertThat(faults("http: {port: \"${SECRET}\", host: \"x ${SECRET}\"}\n", ENV))
        .hasSize(2)
        .noneSatisfy(line -> assertThat(line).contains("hunter2"))
        .contains("http.port: \"${SECRET}\": an integer from 0 to 65535");
  }
}
