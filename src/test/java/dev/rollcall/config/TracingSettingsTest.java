package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rollcall.config.reading.ConfigurationFaults;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingSettingsTest {
  private static final Map<String, String> AT_COLLECTOR =
      Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");

  private static TracingSettings load(Map<String, String> env, String... sets)
      throws ConfigurationFaults {
    return Settings.load(env, Optional.empty(), List.of(sets)).settings().tracing();
  }

  private static TracingSettings at(String name, String value, String... sets)
      throws ConfigurationFaults {
    Map<String, String> env = new HashMap<>(AT_COLLECTOR);
    env.put(name, value);
    return load(env, sets);
  }

  private static List<String> faults(Map<String, String> env, String... sets) {
    return catchThrowableOfType(ConfigurationFaults.class, () -> load(env, sets)).faults();
  }

  @Test
  void nothingIsTracedUnlessAnAddressIsGiven() throws ConfigurationFaults {
    assertThat(Settings.of().tracing().endpoint()).isEmpty();
    assertThat(load(Map.of("OTEL_TRACES_SAMPLER", "nonsense")).endpoint()).isEmpty();
    assertThat(load(Map.of(), "tracing.sample=0.5").endpoint()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4318, http://127.0.0.1:4318/v1/traces",
    "https://collector.example/otlp/, https://collector.example/otlp/v1/traces",
    "http://[::1]:4318, http://[::1]:4318/v1/traces"
  })
  void thePathOfTracesIsAppended(String base, String whole) throws ConfigurationFaults {
    assertThat(load(Map.of(), "tracing.endpoint=" + base).endpoint()).contains(URI.create(whole));
    assertThat(load(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", base)).endpoint())
        .contains(URI.create(whole));
  }

  @Test
  void theAddressOfTracesAloneIsTakenAsItIs() throws ConfigurationFaults {
    assertThat(at("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://other/in").endpoint())
        .contains(URI.create("http://other/in"));
  }

  @Test
  void ourKeysGoBeforeTheVariables() throws ConfigurationFaults {
    TracingSettings settings =
        at("OTEL_TRACES_SAMPLER", "always_off", "tracing.endpoint=http://a", "tracing.sample=0.25");
    assertThat(settings.endpoint()).contains(URI.create("http://a/v1/traces"));
    assertThat(settings.sample()).isEqualTo(0.25);
    assertThat(settings.parentBased()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"OTEL_SDK_DISABLED, true", "OTEL_SDK_DISABLED, TRUE", "OTEL_TRACES_EXPORTER, none"})
  void theVariablesTurnItOff(String name, String value) throws ConfigurationFaults {
    assertThat(at(name, value, "tracing.endpoint=http://a").endpoint()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "always_on, , false, 1",
    "always_off, , false, 0",
    "traceidratio, 0.125, false, 0.125",
    "traceidratio, , false, 1",
    "parentbased_always_on, , true, 1",
    "parentbased_always_off, , true, 0",
    "parentbased_traceidratio, 0.5, true, 0.5",
    "parentbased_traceidratio, 1E-4, true, 0.0001"
  })
  void theSamplerIsTheStandards(String sampler, String argument, boolean parentBased, double ratio)
      throws ConfigurationFaults {
    Map<String, String> env = new HashMap<>(AT_COLLECTOR);
    env.put("OTEL_TRACES_SAMPLER", sampler);
    env.put("OTEL_TRACES_SAMPLER_ARG", argument == null ? "" : argument);
    TracingSettings settings = load(env);
    assertThat(settings.parentBased()).isEqualTo(parentBased);
    assertThat(settings.sample()).isEqualTo(ratio);
  }

  @Test
  void headersAndAttributesAreDecodedAndHeadersAreNeverShown() throws ConfigurationFaults {
    TracingSettings settings =
        at("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20s3cret, x-team = a+b ,");
    assertThat(settings.headers())
        .isEqualTo(Map.of("Authorization", "Bearer s3cret", "x-team", "a+b"));
    assertThat(settings.toString()).doesNotContain("s3cret");
    assertThat(at("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=b").headers())
        .isEqualTo(Map.of("a", "b"));
    assertThat(at("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,deployment.environment=t").resource())
        .isEqualTo(Map.of("service.name", "x", "deployment.environment", "t"));
    assertThat(at("OTEL_SERVICE_NAME", "users").resource())
        .isEqualTo(Map.of("service.name", "users"));
    assertThat(load(AT_COLLECTOR).resource()).isEqualTo(Map.of("service.name", "rollcall"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector:4318",
        "ftp://collector",
        "http://",
        "http://user:s3cret@collector",
        "http://collector?x=1",
        "http://collector#x",
        "http://collector:0",
        "http://collector:70000",
        "nonsense"
      })
  void aWrongAddressIsRefusedByItsName(String wrong) {
    assertThat(faults(Map.of(), "tracing.endpoint=" + wrong))
        .singleElement()
        .asString()
        .startsWith("tracing.endpoint: \"")
        .contains("an http or https URL of a collector")
        .doesNotContain("s3cret");
    assertThat(faults(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", wrong)))
        .singleElement()
        .asString()
        .startsWith("environment variable OTEL_EXPORTER_OTLP_ENDPOINT: \"")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.1", "1.1", "NaN", "x", "0.1.2", "1e9", "Infinity", ""})
  void aShareIsFromNoneToAll(String wrong) {
    assertThat(faults(Map.of(), "tracing.sample=" + wrong))
        .containsExactly("tracing.sample: \"" + wrong + "\": a number from 0 to 1 (from --set)");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_TRACES_SAMPLER, jaeger_remote",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc",
    "OTEL_EXPORTER_OTLP_HEADERS, s3cret",
    "OTEL_EXPORTER_OTLP_HEADERS, a=s3cret%0A",
    "OTEL_EXPORTER_OTLP_HEADERS, a=s3cret%zz",
    "OTEL_EXPORTER_OTLP_HEADERS, Host=s3cret",
    "OTEL_RESOURCE_ATTRIBUTES, s3cret"
  })
  void aWrongVariableIsRefusedByItsName(String name, String wrong) {
    Map<String, String> env = new HashMap<>(AT_COLLECTOR);
    env.put(name, wrong);
    assertThat(faults(env))
        .singleElement()
        .asString()
        .startsWith("environment variable " + name + ": ")
        .doesNotContain("s3cret");
  }

  @Test
  void aWrongArgumentOfTheSamplerIsRefused() {
    Map<String, String> env = new HashMap<>(AT_COLLECTOR);
    env.put("OTEL_TRACES_SAMPLER", "traceidratio");
    env.put("OTEL_TRACES_SAMPLER_ARG", "2");
    assertThat(faults(env))
        .containsExactly(
            "environment variable OTEL_TRACES_SAMPLER_ARG: \"2\": a number from 0 to 1");
  }
}
