package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.reading.Layers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrecedenceTest extends LoadingTest {
  private static final String FILE = "http: {port: 1001, bodyLimit: 2MiB}\n";

  @Test
  void withoutAnythingEveryKeyHasItsDefault() throws Exception {
    Settings loaded = Settings.load(Map.of(), Optional.empty(), List.of()).settings();
    assertThat(loaded).isEqualTo(Settings.of());
    assertThat(loaded.http().port()).isEqualTo(8080);
    assertThat(loaded.http().bodyLimit()).isEqualTo(1024 * 1024);
    assertThat(loaded.store().cache()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
    assertThat(loaded.changes().keep()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void theFileWinsOverTheDefault() throws Exception {
    assertThat(settings(FILE).http().port()).isEqualTo(1001);
  }

  @Test
  void theEnvironmentWinsOverTheFile() throws Exception {
    Settings settings =
        load(FILE, Map.of("ROLLCALL_HTTP_PORT", "1002", "ROLLCALL_HTTP_BODY_LIMIT", "3MiB"))
            .settings();
    assertThat(settings.http().port()).isEqualTo(1002);
    assertThat(settings.http().bodyLimit()).isEqualTo(3 * 1024 * 1024);
  }

  @Test
  void aFlagWinsOverTheEnvironmentAndTheLastOfTwoFlagsWins() throws Exception {
    Map<String, String> env = Map.of("ROLLCALL_HTTP_PORT", "1002");
    Settings settings = load(FILE, env, "http.port=1003", "http.port=1004").settings();
    assertThat(settings.http().port()).isEqualTo(1004);
  }

  @Test
  void whatIsOverriddenIsNotLookedAt() {
    assertThat(faults("http: {port: \"${NOT_SET}\"}\n", Map.of(), "http.port=1")).isEmpty();
    assertThat(faults("http: {port: eighty}\n", Map.of("ROLLCALL_HTTP_PORT", "1"))).isEmpty();
  }

  @Test
  void anEmptyVariableCountsAsNotSet() throws Exception {
    assertThat(load(FILE, Map.of("ROLLCALL_HTTP_PORT", "")).settings().http().port())
        .isEqualTo(1001);
  }

  @Test
  void aVariableIsNamedAfterItsKey() {
    assertThat(Layers.variable("http.bodyLimit")).isEqualTo("ROLLCALL_HTTP_BODY_LIMIT");
    assertThat(Layers.variable("deploy.eventLoops")).isEqualTo("ROLLCALL_DEPLOY_EVENT_LOOPS");
  }

  @Test
  void anUnknownVariableIsAWarningThatHidesItsValue() throws Exception {
    List<String> warnings = load("", Map.of("ROLLCALL_HTP_PORT", "secret")).warnings();
    assertThat(warnings)
        .containsExactly(
            "environment variable ROLLCALL_HTP_PORT is no setting;"
                + " did you mean ROLLCALL_HTTP_PORT?");
  }

  @Test
  void whatKubernetesSetsForServicesIsOneWarningAndNoSetting() throws Exception {
    Map<String, String> env =
        Map.of(
            "ROLLCALL_PORT", "tcp://10.0.0.1:80",
            "ROLLCALL_SERVICE_HOST", "10.0.0.1",
            "ROLLCALL_SERVICE_PORT_HTTP", "80",
            "ROLLCALL_PORT_80_TCP_ADDR", "10.0.0.1",
            "ROLLCALL_HTTP_PORT", "tcp://10.0.0.2:80",
            "HOME", "/root");
    Settings.Loaded loaded = load(FILE, env);
    assertThat(loaded.settings().http().port()).isEqualTo(1001);
    assertThat(loaded.warnings())
        .containsExactly(
            "environment variables ROLLCALL_HTTP_PORT, ROLLCALL_PORT, ROLLCALL_PORT_80_TCP_ADDR,"
                + " ROLLCALL_SERVICE_HOST, ROLLCALL_SERVICE_PORT_HTTP look like Kubernetes' own"
                + " and are ignored");
  }
}
