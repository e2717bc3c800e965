package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where spans are sent, and which. Our own keys go before the standard variables {@code OTEL_…} of
 * the environment, but that {@code OTEL_SDK_DISABLED=true} turns tracing off in any case.
 *
 * @param endpoint the whole address of the collector; where there is none, tracing is off
 * @param parentBased whether a caller's decision goes before ours
 * @param sample which share of the traces is recorded about which nobody has decided
 * @param headers sent along, which may be secret
 * @param resource attributes of this process
 */
public record TracingSettings(
    Optional<URI> endpoint,
    boolean parentBased,
    double sample,
    Map<String, String> headers,
    Map<String, String> resource) {

  /** The path of traces below the address of a collector. */
  private static final String PATH = "/v1/traces";

  static final Rule<URI> ENDPOINT_RULE =
      Rule.parsed(
          TracingSettings::parse,
          uri -> true,
          URI::toString,
          "an http or https URL of a collector, without user, query and fragment");

  static final Rule<Double> SAMPLE_RULE = Rule.fraction();

  private static final Key<Optional<URI>> ENDPOINT =
      Key.optional("tracing.endpoint", ENDPOINT_RULE);
  private static final Key<Double> SAMPLE = Key.of("tracing.sample", 1.0, SAMPLE_RULE);

  /** No tracing. */
  static final TracingSettings OFF =
      new TracingSettings(Optional.empty(), true, 1, Map.of(), Map.of());

  public TracingSettings {
    endpoint.ifPresent(given -> ENDPOINT_RULE.check("tracing.endpoint", given));
    SAMPLE.check(sample);
    headers = Map.copyOf(headers);
    resource = Map.copyOf(resource);
  }

  static TracingSettings from(Section section) {
    Optional<URI> own = ENDPOINT.read(section);
    boolean sampled = section.has("sample");
    double sample = SAMPLE.read(section);
    TracingVariables variables = new TracingVariables(section);
    if (variables.disabled()) {
      return OFF;
    }
    Optional<URI> endpoint = own.map(TracingSettings::ofTraces).or(variables::endpoint);
    if (endpoint.isEmpty()) {
      return OFF;
    }
    TracingVariables.Sampling sampling =
        sampled ? new TracingVariables.Sampling(true, sample) : variables.sampling();
    return new TracingSettings(
        endpoint,
        sampling.parentBased(),
        sampling.ratio(),
        variables.headers(),
        variables.resource());
  }

  /** The address of traces at a collector. */
  static URI ofTraces(URI base) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + PATH);
  }

  private static @Nullable URI parse(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean whole =
          (scheme.equals("http") || scheme.equals("https"))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.getPort() != 0
              && uri.getPort() <= 65_535;
      return whole ? uri : null;
    } catch (URISyntaxException notOne) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "TracingSettings[endpoint=" + endpoint + ", sample=" + sample + "]"; // No headers.
  }
}
