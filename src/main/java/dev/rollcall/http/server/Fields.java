package dev.rollcall.http.server;

import io.vertx.core.http.HttpHeaders;

/** Names and values of header fields, encoded once: they go onto each answer. */
public final class Fields {

  static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("www-authenticate");
  public static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  public static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");
  public static final CharSequence CHANGES_AFTER =
      HttpHeaders.createOptimized("rollcall-changes-after");
  public static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("server-timing");
  public static final CharSequence DEADLINE_MS =
      HttpHeaders.createOptimized("rollcall-deadline-ms");
  public static final CharSequence LINK = HttpHeaders.createOptimized("link");

  public static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  public static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  public static final CharSequence SECURITY_POLICY =
      HttpHeaders.createOptimized("content-security-policy");
  public static final CharSequence NOTHING_MAY_LOAD =
      HttpHeaders.createOptimized("default-src 'none'");

  /**
   * What is about users may be kept by the client alone, and only to ask whether it still holds.
   */
  public static final CharSequence REVALIDATE = HttpHeaders.createOptimized("private, no-cache");

  /** What anybody may have is kept by whoever likes, and asked about before it is used again. */
  public static final CharSequence OPEN_REVALIDATE =
      HttpHeaders.createOptimized("public, no-cache");

  /** Half as long as what is published is there before it is used. */
  public static final CharSequence MINUTES = HttpHeaders.createOptimized("public, max-age=300");

  static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  public static final CharSequence ACCEPT = HttpHeaders.createOptimized("accept");
  public static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");

  public static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
  public static final CharSequence JOSE = HttpHeaders.createOptimized("application/jose");
  public static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");
  public static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");

  private Fields() {}
}
