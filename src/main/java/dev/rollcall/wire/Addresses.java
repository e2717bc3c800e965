package dev.rollcall.wire;

/** The addresses of the event bus beside those of operations, and the headers of its messages. */
public final class Addresses {

  /** Published for each change of a user: {@code {"seq","kind","id","version"}}, a hint. */
  public static final String USERS_CHANGED = "rollcall.users.changed";

  /** Between nodes, never bridged: reads of a node that does not hold the store. */
  public static final String USERS_READ = "rollcall.users.read";

  /** Between nodes, never bridged: the name of a read that is no longer waited for, a hint. */
  public static final String USERS_READ_CANCEL = "rollcall.users.read.cancel";

  /** Between nodes, never bridged: writes of a node that does not hold the store. */
  public static final String USERS_WRITE = "rollcall.users.write";

  /** Between nodes, never bridged: published by each node that holds the store, again and again. */
  public static final String USERS_OWNER = "rollcall.users.owner";

  /** The tag of the user that a reply holds, as HTTP's {@code ETag}. */
  public static final String ETAG = "etag";

  /** Published when an exchange is no longer wanted: {@code {"exchange":"…"}}, a hint. */
  public static final String CANCEL = "rollcall.cancel";

  /** What is left to answer in, in milliseconds. */
  public static final String DEADLINE_MS = "deadline-ms";

  /** By which {@link #CANCEL} names a request. */
  public static final String EXCHANGE = "exchange";

  /**
   * {@link #BYTES} asks for an answer as JSON text in a buffer, so that numbers stay as they are.
   */
  public static final String ANSWER = "answer";

  /** The value of {@link #ANSWER}. */
  public static final String BYTES = "bytes";

  /** The IP address of a client of the bridge, which the bridge sets whatever the client says. */
  public static final String CLIENT = "client";

  /** Which attempt at the same answer this is, from 1. */
  public static final String ATTEMPT = "attempt";

  public static final String REQUEST_ID = "x-request-id";

  private Addresses() {}

  /** An address between nodes, at one of them. */
  public static String at(String node, String address) {
    return address + "@" + node;
  }

  /** Where a source is asked, by whoever owns it. */
  public static String source(String name) {
    return "rollcall.source." + name;
  }

  /** Where a source is asked on one event loop of this process, by records instead of JSON. */
  public static String source(String name, String loop) {
    return source(name) + "#" + loop;
  }
}
