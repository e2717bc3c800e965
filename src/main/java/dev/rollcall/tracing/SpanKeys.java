package dev.rollcall.tracing;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of attributes by their names. Each is made once, since it keeps its hash and its bytes,
 * which would be computed for every span otherwise.
 */
final class SpanKeys {
  private static final Map<String, AttributeKey<String>> TEXTS = new ConcurrentHashMap<>();
  private static final Map<String, AttributeKey<Long>> NUMBERS = new ConcurrentHashMap<>();
  private static final Map<String, AttributeKey<Boolean>> FLAGS = new ConcurrentHashMap<>();

  private SpanKeys() {}

  static AttributeKey<String> text(String name) {
    AttributeKey<String> key = TEXTS.get(name);
    return key != null ? key : TEXTS.computeIfAbsent(name, AttributeKey::stringKey);
  }

  static AttributeKey<Long> number(String name) {
    AttributeKey<Long> key = NUMBERS.get(name);
    return key != null ? key : NUMBERS.computeIfAbsent(name, AttributeKey::longKey);
  }

  static AttributeKey<Boolean> flag(String name) {
    AttributeKey<Boolean> key = FLAGS.get(name);
    return key != null ? key : FLAGS.computeIfAbsent(name, AttributeKey::booleanKey);
  }
}
