package dev.rollcall.config;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What OpenTelemetry's standard variables of the environment say, as far as it concerns traces. A
 * fault in one of them is reported like one of a key; the value of a header is never shown.
 */
record TracingVariables(Section section) {
  /**
   * Which traces are recorded.
   *
   * @param parentBased whether a caller's decision goes first
   */
  record Sampling(boolean parentBased, double ratio) {
    static final Sampling DEFAULT = new Sampling(true, 1);
  }

  private static final String EXPORTER = "OTEL_EXPORTER_OTLP_";
  private static final String OF_TRACES = EXPORTER + "TRACES_";
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String SAMPLER_ARG = "OTEL_TRACES_SAMPLER_ARG";
  private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
  private static final String SERVICE_NAME = "service.name";

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern VALUE = Pattern.compile("[ -~]{0,8192}");

  /** What the JDK's client sends by itself. */
  private static final Set<String> RESERVED = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    RESERVED.addAll(Set.of("connection", "content-length", "expect", "host", "upgrade"));
  }

  /** Whether nothing is to be traced, whatever else is set. */
  boolean disabled() {
    return section.variable("OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()
        || section.variable("OTEL_TRACES_EXPORTER").filter("none"::equalsIgnoreCase).isPresent();
  }

  /** The whole address of traces. */
  Optional<URI> endpoint() {
    Optional<URI> endpoint =
        read(OF_TRACES + "ENDPOINT", TracingSettings.ENDPOINT_RULE)
            .or(
                () ->
                    read(EXPORTER + "ENDPOINT", TracingSettings.ENDPOINT_RULE)
                        .map(TracingSettings::ofTraces));
    if (endpoint.isPresent()) {
      requireProtocol();
    }
    return endpoint;
  }

  private void requireProtocol() {
    String name = has(OF_TRACES + "PROTOCOL") ? OF_TRACES + "PROTOCOL" : EXPORTER + "PROTOCOL";
    section
        .variable(name)
        .filter(protocol -> !protocol.equals("http/protobuf"))
        .ifPresent(protocol -> refuse(name, Faults.quoted(protocol), "http/protobuf"));
  }

  Sampling sampling() {
    String name = section.variable(SAMPLER).orElse("parentbased_always_on");
    boolean parentBased = name.startsWith("parentbased_");
    return switch (parentBased ? name.substring("parentbased_".length()) : name) {
      case "always_on" -> new Sampling(parentBased, 1);
      case "always_off" -> new Sampling(parentBased, 0);
      case "traceidratio" ->
          new Sampling(parentBased, read(SAMPLER_ARG, TracingSettings.SAMPLE_RULE).orElse(1.0));
      default -> {
        refuse(
            SAMPLER,
            Faults.quoted(name),
            "always_on, always_off or traceidratio, or one of these behind parentbased_");
        yield Sampling.DEFAULT;
      }
    };
  }

  /** What is sent along with spans. */
  Map<String, String> headers() {
    String name = has(OF_TRACES + "HEADERS") ? OF_TRACES + "HEADERS" : EXPORTER + "HEADERS";
    Map<String, String> headers = pairs(name);
    boolean sendable =
        headers.entrySet().stream()
            .allMatch(
                header ->
                    TOKEN.matcher(header.getKey()).matches()
                        && !RESERVED.contains(header.getKey())
                        && VALUE.matcher(header.getValue()).matches());
    if (sendable) {
      return headers;
    }
    refuse(name, Rule.HIDDEN, "headers that a client may set, in printable ASCII");
    return Map.of();
  }

  /** Attributes of this process, its name among them. */
  Map<String, String> resource() {
    Map<String, String> attributes = new LinkedHashMap<>(pairs(RESOURCE));
    section.variable("OTEL_SERVICE_NAME").ifPresent(name -> attributes.put(SERVICE_NAME, name));
    attributes.putIfAbsent(SERVICE_NAME, "rollcall");
    return attributes;
  }

  /** {@code name=value,…}, percent-encoded. */
  private Map<String, String> pairs(String variable) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : section.variable(variable).orElse("").split(",", -1)) {
      int equals = pair.indexOf('=');
      String value = equals < 0 ? null : decoded(pair.substring(equals + 1).strip());
      if (equals > 0 && value != null) {
        pairs.put(pair.substring(0, equals).strip(), value);
      } else if (!pair.isBlank()) {
        refuse(variable, Rule.HIDDEN, "name=value, separated by commas, values percent-encoded");
      }
    }
    return pairs;
  }

  private static @Nullable String decoded(String text) {
    try {
      // A plus is itself here.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private boolean has(String name) {
    return section.variable(name).isPresent();
  }

  private <T> Optional<T> read(String name, Rule<T> rule) {
    Optional<String> text = section.variable(name).map(String::strip);
    Optional<T> value = text.map(TextNode::valueOf).map(rule::read);
    if (text.isPresent() && value.isEmpty()) {
      refuse(name, Faults.quoted(text.get()), rule.allowed());
    }
    return value;
  }

  private void refuse(String name, String value, String allowed) {
    section.refuse(
        new IllegalArgumentException(Faults.line("environment variable " + name, value, allowed)));
  }
}
