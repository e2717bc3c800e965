package dev.rollcall.http;

import io.vertx.core.http.HttpHeaders;

/** Names and values of header fields, encoded once: they go onto each answer. */
final class Fields {

  static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");
  static final CharSequence CHANGES_AFTER = HttpHeaders.createOptimized("rollcall-changes-after");
  static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("server-timing");
  static final CharSequence DEADLINE_MS = HttpHeaders.createOptimized("rollcall-deadline-ms");
  static final CharSequence LINK = HttpHeaders.createOptimized("link");

  /** Tells a proxy not to hold back what is streamed. */
  static final CharSequence ACCEL_BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");

  static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  static final CharSequence SECURITY_POLICY =
      HttpHeaders.createOptimized("content-security-policy");
  static final CharSequence NOTHING_MAY_LOAD = HttpHeaders.createOptimized("default-src 'none'");

  /**
   * What is about users may be kept by the client alone, and only to ask whether it still holds.
   */
  static final CharSequence REVALIDATE = HttpHeaders.createOptimized("private, no-cache");

  static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  static final CharSequence ACCEPT = HttpHeaders.createOptimized("accept");
  static final CharSequence NO = HttpHeaders.createOptimized("no");

  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
  static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");
  static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");
  static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");

  private Fields() {}
}
