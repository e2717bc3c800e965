package dev.rollcall.sources;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;

/** Views as JSON. Values of sources are spliced in as the bytes that they came as. */
final class ViewJson {

  /** Many clients refuse heads of more than 8 KiB. */
  private static final int LONGEST_TIMING = 4096;

  private ViewJson() {}

  static Buffer object(ViewAnswer answer) {
    Buffer json = Buffer.buffer(length(answer)).appendByte((byte) '{');
    append(answer, json);
    return json.appendByte((byte) '}');
  }

  static Buffer members(ViewAnswer answer) {
    Buffer json = Buffer.buffer(length(answer));
    append(answer, json);
    return json;
  }

  private static int length(ViewAnswer answer) {
    int length = 128 + answer.user().json().length();
    for (SourceResult result : answer.results()) {
      length += 128 + (result.value() == null ? 0 : result.value().length());
    }
    return length;
  }

  private static void append(ViewAnswer answer, Buffer json) {
    json.appendString("\"user\":").appendBuffer(answer.user().json());
    json.appendString(",\"view\":\"").appendString(answer.view().name());
    json.appendString("\",\"mode\":\"").appendString(View.json(answer.mode()));
    json.appendString("\",\"complete\":").appendString(Boolean.toString(answer.complete()));
    json.appendString(",\"sources\":{");
    String separator = "";
    for (SourceResult result : answer.results()) {
      json.appendString(separator);
      append(result, json);
      separator = ",";
    }
    json.appendByte((byte) '}');
  }

  private static void append(SourceResult result, Buffer json) {
    json.appendString("\"").appendString(result.source());
    json.appendString("\":{\"status\":\"").appendString(result.status().json());
    json.appendString("\",\"ms\":").appendString(millis(result.nanos()));
    json.appendString(",\"attempts\":").appendString(Integer.toString(result.attempts()));
    if (result.value() != null) {
      json.appendString(",\"value\":").appendBuffer(result.value());
    }
    if (result.detail() != null) {
      json.appendString(",\"detail\":").appendBuffer(Json.encodeToBuffer(result.detail()));
    }
    json.appendByte((byte) '}');
  }

  /** Sources that would make the header longer than clients take are left out. */
  static String serverTiming(ViewAnswer answer) {
    StringBuilder timing = new StringBuilder();
    for (SourceResult result : answer.results()) {
      if (timing.length() > LONGEST_TIMING) {
        break;
      }
      timing.append(result.source());
      if (result.status() != SourceStatus.OK) {
        timing.append(";desc=\"").append(result.status().json()).append('"');
      }
      timing.append(";dur=").append(millis(result.nanos())).append(", ");
    }
    return timing.append("total;dur=").append(millis(answer.nanos())).toString();
  }

  /** Milliseconds with one decimal. */
  private static String millis(long nanos) {
    long tenths = (nanos + 50_000) / 100_000;
    return tenths / 10 + "." + tenths % 10;
  }
}
