package dev.rollcall.tracing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A span as a collector gets it. */
public record ReceivedSpan(Span span, Resource resource) {

  public String name() {
    return span.getName();
  }

  public String kind() {
    return span.getKind().name().replace("SPAN_KIND_", "");
  }

  public String traceId() {
    return hex(span.getTraceId());
  }

  public String id() {
    return hex(span.getSpanId());
  }

  /** Empty for the first span of a trace. */
  public String parent() {
    return hex(span.getParentSpanId());
  }

  public boolean isError() {
    return span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
  }

  /** Nanoseconds from its beginning to its end. */
  public long nanos() {
    return span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
  }

  public Map<String, Object> attributes() {
    return attributes(span.getAttributesList());
  }

  public @Nullable Object attribute(String name) {
    return attributes().get(name);
  }

  public Map<String, Object> resourceAttributes() {
    return attributes(resource.getAttributesList());
  }

  /** The process that it comes from. */
  public @Nullable Object instance() {
    return resourceAttributes().get("service.instance.id");
  }

  private static Map<String, Object> attributes(List<KeyValue> pairs) {
    Map<String, Object> attributes = new TreeMap<>();
    pairs.forEach(pair -> attributes.put(pair.getKey(), value(pair.getValue())));
    return attributes;
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      default -> throw new IllegalArgumentException("no attribute of ours: " + value);
    };
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
