package dev.rollcall.wire;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/** The form of server-sent events, whichever port they are sent from. */
public final class ServerSentEvents {
  public static final String TYPE = "text/event-stream";

  /**
   * What a stream begins with that goes on for good: how long a client waits before it reconnects,
   * in milliseconds, which is something to read at once as well.
   */
  public static final String BEGINNING = "retry: 1000\n\n";

  private static final CharSequence ACCEL_BUFFERING =
      HttpHeaders.createOptimized("x-accel-buffering");
  private static final CharSequence NO = HttpHeaders.createOptimized("no");

  private ServerSentEvents() {}

  /** Tells a proxy, in the head of an answer, not to hold back what is streamed. */
  public static void unbuffered(MultiMap headers) {
    headers.set(ACCEL_BUFFERING, NO);
  }

  /** Appends an event, whose data has no line breaks. */
  public static void append(Buffer events, String kind, Buffer data) {
    events.appendString("event: ").appendString(kind).appendString("\ndata: ");
    events.appendBuffer(data).appendString("\n\n");
  }
}
