package dev.rollcall.wire;

import java.util.Locale;

/** The addresses of the event bus, but for those of operations, and the headers of its messages. */
public final class Addresses {
  /** Published for each change of a user: {@code {"seq","kind","id","version"}}, a hint. */
  public static final String USERS_CHANGED = "rollcall.users.changed";

  /** Between nodes, never bridged: reads of a node without a store. */
  public static final String USERS_READ = "rollcall.users.read";

  /** Between nodes, never bridged: the name of a read that is cancelled, a hint. */
  public static final String USERS_READ_CANCEL = "rollcall.users.read.cancel";

  /** Between nodes, never bridged: writes of a node without a store. */
  public static final String USERS_WRITE = "rollcall.users.write";

  /** Between nodes, never bridged: published regularly by each node with a store. */
  public static final String USERS_OWNER = "rollcall.users.owner";

  /** Between nodes, never bridged; with the name of a node: whether that one is ready. */
  public static final String NODE_READY = "rollcall.node.ready.";

  /** Between nodes, never bridged; with the name of a node: a user whom that one is to forget. */
  public static final String NODE_FORGET = "rollcall.node.forget.";

  /** The tag of the user in a reply, as HTTP's {@code ETag}. */
  public static final String ETAG = "etag";

  /** Published when an exchange is no longer wanted: {@code {"exchange":"…"}}, a hint. */
  public static final String CANCEL = "rollcall.cancel";

  /** The milliseconds left to answer in. */
  public static final String DEADLINE_MS = "deadline-ms";

  /** The name of a request for {@link #CANCEL}. */
  public static final String EXCHANGE = "exchange";

  /** {@link #BYTES} asks for JSON text in a buffer, so that numbers keep their form. */
  public static final String ANSWER = "answer";

  public static final String BYTES = "bytes";

  /** The IP address of a client of the bridge, set by the bridge. */
  public static final String CLIENT = "client";

  /** Who a client of the bridge is, set by the bridge; absent where nobody was asked. */
  public static final String CALLER = "rollcall-caller";

  /** What that client may do, separated by spaces. */
  public static final String CALLER_SCOPES = "rollcall-scopes";

  /** The credential of a client of the bridge, which goes no further. */
  public static final String AUTHORIZATION = "authorization";

  /** The number of the attempt at one answer, from 1. */
  public static final String ATTEMPT = "attempt";

  /** Begins the names of a caller's headers that go along to a source. Never bridged. */
  public static final String FORWARDED = "rollcall-forwarded-";

  public static final String REQUEST_ID = "x-request-id";

  /** What a store keeps beside users, for which nodes without a store ask those that have one. */
  public enum Kept {
    KEYS,
    SESSIONS,
    FOLLOWERS,
    WEBHOOKS,
    RECEIPTS,
    ERASURES;

    /** Between nodes, never bridged: where a node without a store asks for them. */
    public String read() {
      return "rollcall." + member() + ".read";
    }

    /** Between nodes, never bridged: where a node without a store makes and changes them. */
    public String write() {
      return "rollcall." + member() + ".write";
    }

    /** The member of what an owner publishes by which it says that it serves them as well. */
    public String member() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Addresses() {}

  /** An address between nodes, at one node. */
  public static String at(String node, String address) {
    return address + "@" + node;
  }

  /** The address that all owners of a source share. */
  public static String source(String name) {
    return "rollcall.source." + name;
  }

  /** A source's address on one event loop of this process, for records instead of JSON. */
  public static String source(String name, String loop) {
    return source(name) + "#" + loop;
  }
}
