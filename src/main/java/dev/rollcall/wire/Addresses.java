package dev.rollcall.wire;

/** The addresses of the event bus, and the headers of its messages. */
public final class Addresses {

  /** Published when an exchange is no longer wanted: {@code {"exchange":"…"}}, a hint. */
  public static final String CANCEL = "rollcall.cancel";

  /** What is left to answer in, in milliseconds. */
  public static final String DEADLINE_MS = "deadline-ms";

  /** By which {@link #CANCEL} names a request. */
  public static final String EXCHANGE = "exchange";

  /**
   * {@code bytes} asks for an answer as JSON text in a buffer, so that numbers stay as they are.
   */
  public static final String ANSWER = "answer";

  /** Which attempt at the same answer this is, from 1. */
  public static final String ATTEMPT = "attempt";

  public static final String TRACEPARENT = "traceparent";
  public static final String REQUEST_ID = "x-request-id";

  private Addresses() {}

  /** Where a source is asked, by whoever owns it. */
  public static String source(String name) {
    return "rollcall.source." + name;
  }

  /** Where a source is asked on one event loop of this process, by records instead of JSON. */
  public static String source(String name, String loop) {
    return source(name) + "#" + loop;
  }
}
